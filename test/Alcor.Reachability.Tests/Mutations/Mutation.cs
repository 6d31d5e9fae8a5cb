using Alcor.OpenFlow;
using Alcor.Protocol.V1;
using Google.Protobuf;

namespace Alcor.Reachability.Tests;

/// <summary>A mistake on purpose, made in what a host is told or in what it renders.</summary>
internal sealed record Mutation(string Name)
{
    public static readonly Mutation None = new("none");

    /// <summary>What the host hears in place of an entry; null: nothing.</summary>
    public Func<Entry, Entry?> OfEntry { get; init; } = entry => entry;

    /// <summary>What the switch gets in place of what was rendered; of two flows at one place the first.</summary>
    public Func<IEnumerable<Flow>, IEnumerable<Flow>> OfFlows { get; init; } = flows => flows;

    public static Mutation Without(string name, Predicate<Flow> isLeftOut) =>
        new(name) { OfFlows = flows => flows.Where(flow => !isLeftOut(flow)) };

    public static Mutation With(string name, params Flow[] more) => new(name) { OfFlows = flows => flows.Concat(more) };

    public static Mutation OfFlow(string name, byte table, Func<Flow, Flow> change) =>
        new(name) { OfFlows = flows => flows.Select(flow => flow.Table == table ? change(flow) : flow) };

    public static Mutation OfActions(string name, byte table, Func<FlowAction, IEnumerable<FlowAction>> change) =>
        OfFlow(name, table, flow => Doing(flow, change));

    /// <summary>A flow that does something else.</summary>
    public static Flow Doing(Flow flow, Func<FlowAction, IEnumerable<FlowAction>> change) => flow with
    {
        Instructions = flow.Instructions.Select(instruction => instruction is Instruction.ApplyActions apply
            ? new Instruction.ApplyActions(apply.Actions.SelectMany(change).ToValueList())
            : instruction).ToValueList(),
    };

    /// <summary>Flows ask less than they should: some fields are not looked at.</summary>
    public static Mutation Unasked(string name, byte table, params Field[] fields) =>
        OfFlow(name, table, flow => flow with
        {
            Match = Filtered(flow.Match, demand => !fields.Contains(demand.Field)),
        });

    public static Mutation OfValue<T>(string name, EntryKind kind, MessageParser<T> parser, Action<T> change)
        where T : IMessage<T> => new(name)
    {
        OfEntry = entry =>
        {
            if (entry.Kind != kind || entry.Removed)
                return entry;
            var value = parser.ParseFrom(entry.Value);
            change(value);
            return new Entry { Kind = kind, Id = entry.Id, Revision = entry.Revision, Value = value.ToByteString() };
        },
    };

    /// <summary>That something has ended is not heard.</summary>
    public static Mutation Lasting(string name, EntryKind kind) =>
        new(name) { OfEntry = entry => entry.Kind == kind && entry.Removed ? null : entry };

    public override string ToString() => Name;

    public static Match Filtered(Match match, Predicate<FieldMatch> isKept) => match
        .Where(demand => isKept(demand))
        .Aggregate(Match.Empty, (kept, demand) => kept.With(demand.Field, demand.Value, demand.Mask));
}
