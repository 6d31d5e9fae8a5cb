using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// The number by which the flows of a host call one of its ports: from table 0 on a packet has in its registers whose
/// it is and for whom, and only tables 0 and 100 know by which OpenFlow port a machine is reached. It is the number of
/// the port's zone of connection tracking too.
/// </summary>
internal static class PortKey
{
    /// <summary>A port with an interface of its own has the number of that for its key, up to this.</summary>
    public const uint OrdinaryMax = (1 << 13) - 1;

    // A subport has its number among those of the host, above all others.
    private const uint SubPorts = OrdinaryMax + 1;

    /// <summary>There is no zone for keys above this.</summary>
    public const ushort Max = (1 << 14) - 1;

    /// <summary>The key of a port whose interface is an OpenFlow port; null: its number is too high.</summary>
    public static uint? Of(uint openFlowPort) => openFlowPort is > 0 and <= OrdinaryMax ? openFlowPort : null;

    /// <summary>The key of a subport, whose frames come by the interface of another port.</summary>
    /// <param name="number">Its own among the subports of the host, at most <see cref="OrdinaryMax"/>.</param>
    public static uint OfSubPort(ushort number) => SubPorts | number;

    /// <summary>The number of the subport that has a key; null: it is one of a port with its own interface.</summary>
    public static ushort? SubPortOf(uint key) => key is > SubPorts and <= Max ? (ushort)(key ^ SubPorts) : null;

    /// <summary>Where the connections of a port are tracked.</summary>
    public static IEnumerable<ushort> Zones(uint key) => [(ushort)key, Gateways.ZoneOfPort(key)];

    /// <summary>Gives a packet of the agent to a port.</summary>
    public static ValueList<FlowAction> Deliver(uint key) =>
        [Registers.Load(Registers.TargetPort, key), new FlowAction.Resubmit(Tables.Output)];
}
