using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// Tables 0 and 100, for subports of trunks: their frames leave by the OpenFlow port of the parent, tagged (IEEE
/// 802.1Q). A switch sends nothing back by the port that it came in at (OpenFlow 1.4.1 section 5.12), which here would
/// keep the ports of one trunk apart: what goes from one to another is said to go back, and what really would go back
/// is dropped.
/// </summary>
internal static class SubPorts
{
    public static IEnumerable<Flow> Output(Attachment subport, ulong cookie)
    {
        var (key, port) = (subport.Key, subport.OpenFlowPort);
        var here = Match.Empty.InPort(port);
        var to = Registers.To(key);
        var toFromHere = here.Register(Registers.TargetPort, key);
        return new Flow[]
        {
            new(Tables.Output, Priorities.Forbidden, toFromHere.Register(Registers.SourcePort, key)),
            new(Tables.Output, Priorities.Own, toFromHere, Tagged(subport.Vlan, Ports.InPort)),
            // The parent's key is the number of its OpenFlow port.
            new(Tables.Output, Priorities.Own,
                here.Register(Registers.TargetPort, port).Register(Registers.SourcePort, key),
                new FlowAction.Output(Ports.InPort)),
            new(Tables.Output, Priorities.Local, to, Tagged(subport.Vlan, port)),
        }.Select(flow => flow with { Cookie = cookie });
    }

    /// <summary>
    /// The parent of a subport sends nothing with a tag that no subport has, and gets nothing with any: to its machine
    /// it would seem to be of another network.
    /// </summary>
    /// <param name="port">The OpenFlow port of the parent.</param>
    public static IEnumerable<Flow> KeepApart(uint port)
    {
        var to = Registers.To(port);
        // Behind a tag that was taken off, a switch sees but the type of the next: vlan-limit, ovs-vswitchd.conf.db(5).
        return new[] { Tagged(to), to.EthType(EtherTypes.Vlan), to.EthType(EtherTypes.ServiceVlan) }
            .Select(tagged => new Flow(Tables.Output, Priorities.Forbidden, tagged))
            .Prepend(new(Tables.Classify, Priorities.Local, Tagged(Match.Empty.InPort(port))));
    }

    private static Match Tagged(Match match) => match.With(Field.VlanVid, Match.VlanPresent, Match.VlanPresent);

    /// <summary>Of a packet for several ports the next gets it without the tag.</summary>
    private static FlowAction[] Tagged(ushort vlan, uint port) =>
        [.. PhysicalNetworks.Tag(vlan), new FlowAction.Output(port), new FlowAction.PopVlan()];
}
