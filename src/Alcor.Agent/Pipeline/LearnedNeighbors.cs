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
            || Address(flow.Match) is not { } address)
        {
            return null;
        }
        return flow.Instructions.OfType<Instruction.ApplyActions>().SelectMany(apply => apply.Actions)
            .OfType<FlowAction.SetField>().Where(set => set.Field == Field.EthDst)
            .Select(set => ((uint, IPAddress, MacAddress)?)(
                (uint)network.Value, address, new MacAddress((ulong)set.Value)))
            .FirstOrDefault();
    }

    private static IPAddress? Address(Match match)
    {
        if (match.Find(Field.Register(Registers.NextHop)) is { } ipv4)
            return new Ipv4Address((uint)ipv4.Value).ToIPAddress();
        var words = Enumerable.Range(4 * Registers.Remote, 4).Select(word => match.Find(Field.Register(word))).ToList();
        return words.TrueForAll(word => word is not null)
            ? new Ipv6Address(words.Aggregate(UInt128.Zero, (all, word) => all << 32 | word!.Value.Value)).ToIPAddress()
            : null;
    }
}
