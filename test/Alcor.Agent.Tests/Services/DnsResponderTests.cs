using System.Net;
using Alcor.Agent.Dns;
using Alcor.Agent.Services;
using Alcor.Agent.Tests.World;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tests.Services;

public sealed class DnsResponderTests
{
    private static readonly ServiceClient Client = new(
        Say.Id(10), ServiceAddresses.Client(7, 0), IPAddress.Parse("10.0.0.10"), Say.Id(1))
    {
        Domain = "cloud.test", Mtu = 1450, Subnets = [IPNetwork.Parse("10.0.0.0/24"), IPNetwork.Parse("2001:db8::/64")],
    };

    private static readonly ServiceDirectory Directory = ServiceDirectory.Empty
        .With(Say.Id(1), NetworkNames.Empty
            .With(Port(1), null, Named("", "10.0.0.5", "2001:db8::5"))
            .With(Port(2), null, Named("web", "10.0.0.6")))
        .With(Say.Id(2), NetworkNames.Empty.With(Port(3), null, Named("hidden", "10.0.0.7")));

    [Theory]
    [InlineData("host-10-0-0-5.cloud.test", DnsType.A, "NoError ar 10.0.0.5")]
    [InlineData("HOST-10-0-0-5.Cloud.Test", DnsType.A, "NoError ar 10.0.0.5")]
    [InlineData("host-10-0-0-5.cloud.test", DnsType.Aaaa, "NoError ar")]
    [InlineData("host-2001-db8--5.cloud.test", DnsType.Aaaa, "NoError ar 2001:db8::5")]
    [InlineData("web.cloud.test", DnsType.A, "NoError ar 10.0.0.6")]
    [InlineData("web.cloud.test", DnsType.Any, "NoError ar 10.0.0.6")]
    [InlineData("web.cloud.test", 16, "NoError ar")] // TXT
    [InlineData("web", DnsType.A, "NoError ar 10.0.0.6")]
    [InlineData("5.0.0.10.in-addr.arpa", DnsType.Ptr, "NoError ar host-10-0-0-5.cloud.test")]
    [InlineData("6.0.0.10.in-addr.arpa", DnsType.Ptr, "NoError ar web.cloud.test")]
    [InlineData("6.0.0.10.in-addr.arpa", DnsType.A, "NoError ar")]
    [InlineData("5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa", DnsType.Ptr,
        "NoError ar host-2001-db8--5.cloud.test")]
    [InlineData("99.0.0.10.in-addr.arpa", DnsType.Ptr, "NoSuchName ar")]
    [InlineData("nobody.cloud.test", DnsType.A, "NoSuchName ar")]
    [InlineData("hidden.cloud.test", DnsType.A, "NoSuchName ar")] // of another network
    [InlineData("7.0.0.10.in-addr.arpa", DnsType.Ptr, "NoSuchName ar")]
    [InlineData("cloud.test", DnsType.A, "NoError ar")]
    [InlineData("cloud.test", DnsType.Transfer, "Refused r")]
    public void What_is_of_the_network_is_answered(string name, int type, string answer) =>
        Assert.Equal(answer, Answer(DnsMessages.Ask(name, (ushort)type)));

    [Theory]
    [InlineData("www.example.org", DnsType.A)]
    [InlineData("cloud.test.example.org", DnsType.A)]
    [InlineData("notcloud.test", DnsType.A)]
    [InlineData("nobody", DnsType.A)]
    [InlineData("", DnsType.A)]
    [InlineData("5.0.0.11.in-addr.arpa", DnsType.Ptr)]
    [InlineData("256.0.0.10.in-addr.arpa", DnsType.Ptr)]
    [InlineData("0.0.10.in-addr.arpa", DnsType.Ptr)]
    [InlineData("5.0.ip6.arpa", DnsType.Ptr)]
    public void All_else_is_for_others(string name, int type)
    {
        var decision = Decide(DnsMessages.Ask(name, (ushort)type));
        Assert.Null(decision.Answer);
        Assert.Equal((name, (ushort)type), (decision.Forward!.Name, decision.Forward.Type));
    }

    [Fact]
    public void What_is_too_long_for_UDP_is_cut_and_said_to_be()
    {
        var many = Enumerable.Range(1, 90).Select(host => $"10.0.0.{host}").ToArray();
        var directory = ServiceDirectory.Empty.With(
            Say.Id(1), NetworkNames.Empty.With(Port(1), null, Named("many", many)));
        foreach (var (edns, length, fitting) in new[]
        {
            (0, 512, 29), (4096, 1232, 74), (1000, 1000, 59), (100, 512, 29),
        })
        {
            var asked = DnsMessages.Ask("many.cloud.test", DnsType.A, (ushort)edns);
            var answer = DnsResponder.Decide(asked, Client, directory, isUdp: true).Answer!;
            Assert.InRange(answer.Length, length - 15, length);
            var read = DnsMessages.Read(answer);
            Assert.StartsWith(edns > 0 ? "NoError atre" : "NoError atr", read);
            Assert.Equal(fitting, read.Split(' ').Length - 2);
            Assert.Equal(90, DnsMessages.Read(
                DnsResponder.Decide(asked, Client, directory, isUdp: false).Answer!).Split(' ').Length - 2);
        }
    }

    [Theory]
    [InlineData("10.0.0.10", 1450, 4096, 1232)]
    [InlineData("10.0.0.10", 600, 4096, 572)]
    [InlineData("fe80::f816:3eff:fe00:a", 1280, 4096, 1232)]
    [InlineData("fe80::f816:3eff:fe00:a", 1270, 4096, 1222)]
    [InlineData("fe80::f816:3eff:fe00:a", 1450, 0, 512)]
    public void An_answer_by_UDP_has_room_for_the_headers_before_it(string address, int mtu, int edns, int length)
    {
        var client = Client with { Address = IPAddress.Parse(address), Mtu = (ushort)mtu };
        var asked = DnsMessages.Ask("web.cloud.test", DnsType.A, (ushort)edns);
        Assert.True(DnsQuery.TryParse(asked, out var query));
        Assert.Equal(length, DnsResponder.LengthMax(query, client));
    }

    [Fact]
    public void What_makes_no_sense_is_refused_by_name()
    {
        var asked = DnsMessages.Ask("web.cloud.test", DnsType.A, ednsSize: 4096);
        Assert.Equal("NoError are 10.0.0.6", Answer(asked));
        Assert.Equal("NotImplemented re", Answer(With(asked, 2, 0x28)));
        Assert.Equal("Refused re", Answer(With(asked, asked.Length - 12, 3))); // class CHAOS
        Assert.Equal("FormatError r", Answer(With(asked, 5, 2)));
        Assert.Equal("FormatError r", Answer(asked[..^1]));
        var version = Decide(With(asked, asked.Length - 5, 1)).Answer!;
        Assert.Equal((byte)1, version[^6]); // BADVERS, in the option
        // An answer is answered by nobody: two servers would never end.
        Assert.Equal(default, Decide(With(asked, 2, 0x81)));
        Assert.Equal(default, Decide(asked[..11]));
    }

    [Fact]
    public void Whatever_comes_is_answered_well_or_not_at_all()
    {
        var random = Seed.For(nameof(Whatever_comes_is_answered_well_or_not_at_all));
        byte[][] valid =
        [
            DnsMessages.Ask("web.cloud.test", DnsType.A, ednsSize: 1232),
            DnsMessages.Ask("www.example.org", DnsType.Aaaa),
            DnsMessages.Ask("5.0.0.10.in-addr.arpa", DnsType.Ptr),
        ];
        var answered = 0;
        for (var run = 0; run < 50_000; run++)
        {
            var message = Spoilt(valid[random.Next(valid.Length)], random);
            var decision = DnsResponder.Decide(message, Client, Directory, isUdp: true);
            Assert.False(decision is { Answer: not null, Forward: not null });
            if (decision.Answer is not { } answer)
                continue;
            answered++;
            Assert.Equal(message[..2], answer[..2]);
            Assert.InRange(answer.Length, 12, 1232);
            _ = DnsMessages.Read(answer);
        }
        Assert.InRange(answered, 5_000, 50_000);
    }

    private static byte[] Spoilt(byte[] message, Random random)
    {
        var spoilt = message.ToList();
        for (var change = random.Next(4); change > 0 && spoilt.Count > 0; change--)
        {
            var at = random.Next(spoilt.Count);
            switch (random.Next(4))
            {
                case 0:
                    spoilt[at] = (byte)random.Next(256);
                    break;
                case 1:
                    spoilt[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    spoilt.RemoveRange(at, random.Next(spoilt.Count - at));
                    break;
                default:
                    spoilt.Insert(at, (byte)random.Next(256));
                    break;
            }
        }
        return [.. spoilt];
    }

    private static byte[] With(byte[] message, int at, byte value)
    {
        var changed = message.ToArray();
        changed[at] = value;
        return changed;
    }

    private static string Answer(byte[] asked) => DnsMessages.Read(Decide(asked).Answer!);

    private static DnsDecision Decide(byte[] asked) =>
        DnsResponder.Decide(asked, Client, Directory, isUdp: true);

    private static Desired.EntryAddress Port(int id) =>
        Say.Address(Say.NetworkPartition(1), EntryKind.Neighbor, id);

    private static PortNames Named(string name, params string[] addresses) =>
        new(name, "cloud.test.", [.. addresses.Select(IPAddress.Parse)]);
}
