using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// Table 100, for subports of trunks: their frames leave by the OpenFlow port of the parent, tagged (IEEE 802.1Q). A
/// switch sends nothing back by the port that it came in at (OpenFlow 1.4.1 section 5.12), which here would keep the
/// ports of one trunk apart: what goes from one to another is said to go back, and what really would go back is dropped.
/// So is what a parent would get with a tag: to its machine it would seem to be of another network.
/// </summary>
internal static class SubPorts
{
    public static IEnumerable<Flow> Output(Attachment subport, ulong cookie)
    {
        var (key, port) = (subport.Key, subport.OpenFlowPort);
        var here = Match.Empty.InPort(port);
        var to = Match.Empty.Register(Registers.TargetPort, key);
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
        }.Concat(ToParent(Match.Empty.Register(Registers.TargetPort, port))).Select(flow => flow with { Cookie = cookie });
    }

    /// <summary>
    /// Behind a tag that was taken off, a switch sees but the type of the next one (vlan-limit of
    /// ovs-vswitchd.conf.db(5)).
    /// </summary>
    private static IEnumerable<Flow> ToParent(Match parent) =>
        new[] { Classify.Tagged(parent), parent.EthType(EtherTypes.Vlan), parent.EthType(EtherTypes.ServiceVlan) }
            .Select(tagged => new Flow(Tables.Output, Priorities.Forbidden, tagged));

    /// <summary>Of a packet for several ports the next gets it without the tag.</summary>
    private static FlowAction[] Tagged(ushort vlan, uint port) =>
        [.. PhysicalNetworks.Tag(vlan), new FlowAction.Output(port), new FlowAction.PopVlan()];
}
