using System.Net;
using Alcor.OpenFlow;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// In table 66, machines of networks outside that were heard of, which nobody tells again: a switch that goes on while
/// its agent is started anew is where they are kept.
/// </summary>
internal static class LearnedNeighbors
{
    /// <summary>Null: the flow says something else.</summary>
    public static (uint Network, IPAddress Address, MacAddress Mac)? Read(Flow flow)
    {
        if (flow.Table != Tables.NextHops || Cookies.KindOf(flow.Cookie) != EntryKind.Network
            || flow.Match.Find(Field.Register(Registers.Network)) is not { } network
            || flow.Match.Find(Field.Register(Registers.NextHop)) is not { } address)
        {
            return null;
        }
        return flow.Instructions.OfType<Instruction.ApplyActions>().SelectMany(apply => apply.Actions)
            .OfType<FlowAction.SetField>().Where(set => set.Field == Field.EthDst)
            .Select(set => ((uint, IPAddress, MacAddress)?)(
                (uint)network.Value, Ipv4((uint)address.Value), new MacAddress((ulong)set.Value)))
            .FirstOrDefault();
    }

    public static IPAddress Ipv4(uint number) => new([
        (byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number,
    ]);
}
