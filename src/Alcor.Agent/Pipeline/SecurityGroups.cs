using System.Net;
using Alcor.OpenFlow;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// Tables 44, 84 and 110 to 112: which groups a port asks, which rules a group has for whom, and who is in a set of
/// addresses. A set has one flow for each address and direction, however many groups name it, and a rule its own,
/// however many addresses it is for: flows are as many as rules and members, not as one times the other.
/// </summary>
internal static class SecurityGroups
{
    private static readonly View[] Views = [View.Ingress, View.Egress, View.IngressReply, View.EgressReply];

    /// <summary>A port asks each of its groups. One that is not known has no flow, and so allows nothing.</summary>
    public static IEnumerable<Flow> Ask(uint key, IEnumerable<Guid> groups, ulong cookie)
    {
        var questions = groups.SelectMany(group => new FlowAction[]
        {
            new FlowAction.SetField(Field.DoubleExtendedRegister(Registers.SecurityGroup), Number(group)),
            new FlowAction.Resubmit(Tables.SecurityGroups),
        }).ToList();
        if (questions.Count == 0)
            return [];
        var (sent, received) = (Registers.From(key), Registers.To(key));
        return
        [
            Ask(Tables.EgressGroups, sent, questions, Tables.EgressVerdict) with { Cookie = cookie },
            Ask(Tables.IngressGroups, received, questions, Tables.IngressVerdict) with { Cookie = cookie },
        ];
    }

    /// <summary>A group asks its rules that name no set, and those for each set that the other end is in.</summary>
    /// <param name="ingress">The sets that rules of direction ingress name.</param>
    /// <param name="egress">Those that rules of direction egress name.</param>
    public static IEnumerable<Flow> Rules(
        Guid group, IReadOnlyCollection<Guid> ingress, IReadOnlyCollection<Guid> egress, ulong cookie) =>
        Views.Select(view => Rules(group, view, view is View.Ingress or View.IngressReply ? ingress : egress) with
        {
            Cookie = cookie,
        });

    /// <summary>An address that is in a set.</summary>
    public static IEnumerable<Flow> Member(Guid set, IPNetwork address, ulong cookie)
    {
        var asked = Match.Empty.DoubleExtendedRegister(Registers.Remote, Number(set));
        var rules = new FlowAction.Resubmit(Tables.SecurityGroupRules);
        return
        [
            new(Tables.RemoteSources, Priorities.Entry, asked.IpSource(address), rules) { Cookie = cookie },
            new(Tables.RemoteDestinations, Priorities.Entry, asked.IpDestination(address), rules) { Cookie = cookie },
        ];
    }

    /// <summary>An id as the number that stands in a register: in a dump, its digits are those of the id.</summary>
    public static UInt128 Number(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private static Flow Ask(byte table, Match match, IEnumerable<FlowAction> questions, byte next) =>
        new(table, Priorities.Entry, match,
            [new Instruction.ApplyActions([.. questions]), new Instruction.GotoTable(next)]);

    private static Flow Rules(Guid group, View view, IEnumerable<Guid> sets)
    {
        var table = view.ComesFromRemote() ? Tables.RemoteSources : Tables.RemoteDestinations;
        var remote = Field.DoubleExtendedRegister(Registers.Remote);
        var match = Match.Empty.Register(Registers.View, (uint)view)
            .DoubleExtendedRegister(Registers.SecurityGroup, Number(group));
        return new(Tables.SecurityGroups, Priorities.Entry, match,
        [
            new FlowAction.SetField(remote, 0),
            new FlowAction.Resubmit(Tables.SecurityGroupRules),
            .. sets.SelectMany(set => new FlowAction[]
            {
                new FlowAction.SetField(remote, Number(set)), new FlowAction.Resubmit(table),
            }),
        ]);
    }
}
