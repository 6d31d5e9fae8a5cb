using static Alcor.OpenFlow.Tests.Datagrams;

namespace Alcor.OpenFlow.Tests;

/// <summary>Packets at random between few ends, so that they meet in connections, and go wrong in many ways.</summary>
internal static class ConversationGenerator
{
    private static readonly string[][] Ends =
        [["10.0.0.1", "10.0.0.2", "192.0.2.1"], ["fd00::1", "fd00::2", "2001:db8::1"]];

    public static Scenario Conversation(Random random, int count)
    {
        var isTranslated = random.Chance(0.5);
        var flows = isTranslated ? Scenarios.Translating(Scenarios.SourceNat) : Scenarios.Stateful;
        var sent = new List<byte[]>();
        var steps = new List<Step>();
        for (var i = 0; i < count; i++)
        {
            var isBack = random.Chance(0.45);
            var frame = sent.Count > 0 && random.Chance(0.1)
                ? About(random, random.Pick<byte[]>([.. sent])) : Frame(random, isBack, isTranslated);
            // Of a translated error of ICMPv6 the switch spoils what it quotes, on the way out.
            if (!isTranslated || frame[12] == 8) sent.Add(frame);
            steps.Add(new Step(isBack ? 2u : 1u, frame, ""));
        }

        return new Scenario("packets at random", flows, [.. steps]);
    }

    private static byte[] Frame(Random random, bool isBack, bool isTranslated)
    {
        var ends = random.Pick<string[]>(Ends);
        var (here, there) = (ends[0], ends[1]);
        var (source, target) = isBack ? (there, random.Chance(0.6) ? here : ends[2]) : (here, there);
        (ushort From, ushort To) ports = isBack ? ((ushort)80, Port(random)) : (Port(random), (ushort)80);
        var isIpv4 = ends == Ends[0];
        var frame = random.Next(10) switch
        {
            0 or 1 => Udp(source, target, ports.From, ports.To, random.Next(20)),
            2 => Echo(source, target, Question(isIpv4, isBack), (ushort)random.Next(2)),
            3 => Icmp(source, target, (byte)random.Next(20), 0, new byte[random.Next(8)]),
            4 => Ip(source, target, 47, new byte[8]),
            _ => Tcp(source, target, ports, Flags(random, isTranslated), At(random, isBack)),
        };
        if (random.Chance(0.03)) frame[^1] ^= 1;
        return frame;
    }

    /// <summary>
    /// No translated connection comes to its end: one that follows it would get another port, for as long as the switch
    /// has not cleared up.
    /// </summary>
    private static byte Flags(Random random, bool isTranslated) => isTranslated
        ? random.Pick<byte>(Syn, Syn, Syn | Ack, Ack, Ack, 0)
        : random.Pick<byte>(Syn, Syn, Syn | Ack, Ack, Ack, Ack, Fin | Ack, Rst, Rst | Ack, 0, Syn | Fin);

    /// <summary>Two sequences that mostly fit, and sometimes lie far away.</summary>
    private static (uint Sequence, uint Acknowledgement, int Payload) At(Random random, bool isBack)
    {
        var (own, other) = isBack ? (5_000u, 1_000u) : (1_000u, 5_000u);
        var far = random.Pick(0u, 0u, 0u, 0u, 0u, 70_000u, 1_000_000u, uint.MaxValue / 2);
        return (own + (uint)random.Next(3) + far, other + (uint)random.Next(3), random.Pick(0, 0, 1, 400));
    }

    private static byte[] About(Random random, byte[] frame)
    {
        var isIpv4 = frame[12] == 8;
        var source = isIpv4 ? random.Pick("10.0.0.2", "10.0.0.9") : random.Pick("fd00::2", "fd00::9");
        return isIpv4
            ? Error(source, random.Pick<byte>(3, 11), 1, frame, random.Pick(24, 28, 48))
            : Error(source, random.Pick<byte>(1, 2, 3), 0, frame, random.Pick(44, 48, 88));
    }

    private static ushort Port(Random random) => random.Pick<ushort>(1000, 1001);

    private static byte Question(bool isIpv4, bool isBack) => (isIpv4, isBack) switch
    {
        (true, false) => 8,
        (true, true) => 0,
        (false, false) => 128,
        (false, true) => 129,
    };
}
