using System.Buffers.Binary;
using System.Net;
using Alcor.Lab;
using Alcor.OpenFlow;

namespace Alcor.Reachability.Tests;

/// <summary>
/// Real switches. A frame has done all that it ever will when frames that were sent after it have arrived everywhere:
/// marks, which flows of their own carry to a place on every host, past all that the agent has rendered. A switch takes
/// what comes to it in turn, so a mark that was sent when another had arrived everywhere finds nothing left that came
/// to any host before that one.
/// </summary>
internal sealed class LabDataplane : IDataplane
{
    /// <summary>Of no protocol, and none that the generator sends (IEEE 802, local experimental 2).</summary>
    private const ushort MarkType = 0x88b6;

    /// <summary>The interface of whoever is outside.</summary>
    public const string Outsider = "outsider";


    private const int MarkNetwork = 0xff_ffff;
    private const int AttemptsMax = 10;

    /// <summary>Hang protection: a mark that takes so long is lost.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly IReadOnlyList<LabSwitch> _switches;
    private readonly FrameSocket _socket;
    private readonly Dictionary<int, (LabSwitch Switch, uint Port)> _machines;
    private readonly int[] _marked;
    private readonly int _outsider;
    private ulong _lastMark;

    private LabDataplane(IReadOnlyList<LabSwitch> switches, FrameSocket socket)
    {
        (_switches, _socket, _outsider) = (switches, socket, socket.IndexOf(Outsider));
        _marked = [.. switches.Select(one => socket.IndexOf(one.DeviceOf(LabSwitch.MarkPort)))];
        _machines = (from one in switches
                     from port in LabSwitch.Ports
                     select (one, port)).ToDictionary(machine => socket.IndexOf(machine.one.DeviceOf(machine.port)));
    }

    public static async Task<LabDataplane> StartAsync(IReadOnlyList<LabSwitch> switches, FrameSocket socket)
    {
        var dataplane = new LabDataplane(switches, socket);
        foreach (var one in switches)
            await one.ApplyAsync([.. dataplane.MarkFlows(one).Select(FlowMod.Add)]);
        // Tunnels begin to carry when hosts have found each other.
        foreach (var one in switches)
            dataplane.Mark(one, LabSwitch.Ports.First(), []);
        return dataplane;
    }

    /// <summary>
    /// A packet takes one turn of the switch on each host that it is on: the sender's, that of its gateway, that of a
    /// floating IP; without anything outside two at most.
    /// </summary>
    private int Marks => _switches.Any(one => one.HasOutside) ? 3 : 2;

    public ITestedSwitch SwitchOf(IPAddress tunnelAddress, bool hasOutside)
    {
        var found = _switches.Single(one => one.TunnelAddress.Equals(tunnelAddress));
        found.HasOutside = hasOutside;
        return found;
    }

    public Task<Journey> SendAsync(
        ITestedSwitch from, uint port, IReadOnlyList<byte[]> frames, int arrivalsExpected)
    {
        var sender = (LabSwitch)from;
        return SendAsync(_socket.IndexOf(sender.DeviceOf(port)), (sender, port), frames, arrivalsExpected);
    }

    /// <summary>No mark comes from outside: any other that follows will do, after one turn more.</summary>
    public Task<Journey> SendFromOutsideAsync(IReadOnlyList<byte[]> frames, int arrivalsExpected) =>
        SendAsync(_outsider, (_switches[0], LabSwitch.Ports.First()), frames, arrivalsExpected);

    private Task<Journey> SendAsync(
        int index, (LabSwitch Switch, uint Port) next, IReadOnlyList<byte[]> frames, int arrivalsExpected)
    {
        var (sender, port) = next;
        var arrivals = new List<Delivery>();
        foreach (var frame in frames)
            _socket.Send(index, frame);
        for (var mark = 0; mark < Marks; mark++)
            Mark(sender, port, arrivals);
        while (arrivals.Count < arrivalsExpected && _socket.Receive(Patience) is { } late)
            Take(late, arrivals);
        return Task.FromResult(new Journey(arrivals, () => sender.TellAsync(port, frames[0])));
    }

    /// <summary>Sends a mark, and takes what arrives until the mark has arrived on every host.</summary>
    private void Mark(LabSwitch sender, uint port, List<Delivery> arrivals)
    {
        var from = _socket.IndexOf(sender.DeviceOf(port));
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var mark = MarkFrame(++_lastMark);
            var waiting = _marked.ToHashSet();
            _socket.Send(from, mark);
            while (waiting.Count > 0 && _socket.Receive(Patience) is { } received)
            {
                if (received.Frame.AsSpan().SequenceEqual(mark))
                    waiting.Remove(received.Index);
                else
                    Take(received, arrivals);
            }
            if (waiting.Count == 0)
                return;
        }
        Assert.Fail("marks do not arrive: the lab does not work");
    }

    private void Take((int Index, byte[] Frame) received, List<Delivery> arrivals)
    {
        if (TypeOf(received.Frame) == MarkType)
            return;
        if (_machines.TryGetValue(received.Index, out var to))
            arrivals.Add(new Delivery(to.Switch, to.Port, received.Frame));
        else if (received.Index == _outsider)
            arrivals.Add(new Delivery(null, 0, received.Frame));
    }

    private IEnumerable<Flow> MarkFlows(LabSwitch one)
    {
        var mark = Match.Empty.EthType(MarkType);
        // Whatever the encapsulation, hosts have one cable between them, on which nothing overtakes.
        var tunnel = ITestedSwitch.Tunnels.Vxlan!.Value;
        FlowAction[] here = [new FlowAction.Output(LabSwitch.MarkPort)];
        var elsewhere = _switches.Where(other => other != one).SelectMany(other => new FlowAction[]
        {
            new FlowAction.SetField(Field.TunnelId, MarkNetwork),
            new FlowAction.SetField(Field.TunnelDestination, Ipv4Address.From(other.TunnelAddress)),
            new FlowAction.Output(tunnel),
        });
        yield return new Flow(0, ushort.MaxValue, mark.InPort(tunnel), here);
        yield return new Flow(0, ushort.MaxValue - 1, mark, [.. here, .. elsewhere]);
    }

    private static byte[] MarkFrame(ulong number)
    {
        var frame = new byte[60];
        frame.AsSpan(0, 6).Fill(0xff);
        frame[6] = 0x02;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), MarkType);
        BinaryPrimitives.WriteUInt64BigEndian(frame.AsSpan(14), number);
        return frame;
    }

    private static int TypeOf(byte[] frame) => BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(12));
}
