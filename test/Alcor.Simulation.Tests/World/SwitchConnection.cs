using Alcor.Agent.Rendering;
using Alcor.Agent.Switch;
using Alcor.OpenFlow;

namespace Alcor.Simulation.Tests;

/// <summary>
/// The switch as one agent process reaches it: late, cut off at times, and nothing after the process has died. The
/// mistakes that a switch or its driver could make are made here.
/// </summary>
internal sealed class SwitchConnection(Simulation world, SimulatedHost host, AgentProcess process) : ISwitch
{
    private readonly List<SwitchFacts> _facts = [];

    /// <summary>What the process was told of the switch lately, the newest last.</summary>
    public IReadOnlyList<SwitchFacts> Facts => _facts;

    public async Task RunAsync(ReportSwitchEvent report, CancellationToken cancellationToken)
    {
        if (world.Mutates(Mutation.AgentStartsWithAnEmptySwitch, 1))
            host.EmptySwitch();
        if (host.Switch.Flows.Count > 0 && world.Mutates(Mutation.AgentDeletesBeforeSynchronized, 1))
            await ApplyAsync([.. host.Switch.Flows.Select(flow => new FlowChange(flow, IsDelete: true))],
                cancellationToken);
        await host.Switch.RunAsync(
            async (happened, token) =>
            {
                await world.PauseAsync();
                if (happened is FactsReported reported)
                    Remember(reported.Facts);
                await report(happened, token);
            },
            cancellationToken);
    }

    public async Task<IReadOnlyList<Flow>> DumpAsync(CancellationToken cancellationToken)
    {
        await world.PauseAsync();
        await process.Life.RequireAsync();
        var flows = await host.Switch.DumpAsync(cancellationToken);
        await world.PauseAsync();
        await process.Life.RequireAsync();
        return flows;
    }

    public async Task<IReadOnlyList<FlowRejection>> ApplyAsync(
        IReadOnlyList<FlowChange> changes, CancellationToken cancellationToken)
    {
        await world.PauseAsync();
        await process.Life.RequireAsync();
        var rejections = await host.Switch.ApplyAsync(Mutated(changes), cancellationToken);
        world.Oracle.Switches.OnApplied(host, process, changes);
        await world.PauseAsync();
        await process.Life.RequireAsync();
        if (world.Has(Faults.SwitchDisconnects) && world.Chance(0.01))
        {
            host.FlapConnection();
            throw new SwitchUnavailableException("the connection broke before the answer");
        }
        return rejections;
    }

    public async Task<IReadOnlyList<Meter>> DumpMetersAsync(CancellationToken cancellationToken)
    {
        await world.PauseAsync();
        await process.Life.RequireAsync();
        return await host.Switch.DumpMetersAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<MeterRejection>> ApplyMetersAsync(
        IReadOnlyList<MeterChange> changes, CancellationToken cancellationToken)
    {
        await world.PauseAsync();
        await process.Life.RequireAsync();
        var rejections = await host.Switch.ApplyMetersAsync(changes, cancellationToken);
        await world.PauseAsync();
        await process.Life.RequireAsync();
        return rejections;
    }

    public async Task SendAsync(
        ReadOnlyMemory<byte> frame, ValueList<FlowAction> actions, CancellationToken cancellationToken)
    {
        await process.Life.RequireAsync();
        await host.Switch.SendAsync(frame, actions, cancellationToken);
    }

    public async Task FlushConntrackAsync(ConnectionFilter which, CancellationToken cancellationToken)
    {
        await world.PauseAsync();
        await process.Life.RequireAsync();
        await host.Switch.FlushConntrackAsync(which, cancellationToken);
    }

    private void Remember(SwitchFacts facts)
    {
        const int kept = 16;
        _facts.Add(facts);
        if (_facts.Count > kept)
            _facts.RemoveAt(0);
    }

    private List<FlowChange> Mutated(IReadOnlyList<FlowChange> changes)
    {
        IEnumerable<FlowChange> applied = changes;
        if (world.Mutates(Mutation.SwitchIgnoresDeletes, 1))
            applied = changes.Where(change => !change.IsDelete);
        if (world.Mutates(Mutation.SwitchAcknowledgesWithoutApplying, 0.2))
            applied = [];
        if (world.Mutates(Mutation.SwitchMixesNetworks, 1))
            applied = changes.Select(change => change with { Flow = WithoutNetwork(change.Flow) });
        return [.. applied];
    }

    /// <summary>The flow as a switch would have it that confuses all networks with one another.</summary>
    private static Flow WithoutNetwork(Flow flow)
    {
        var match = Match.Empty;
        foreach (var field in flow.Match)
            match = match.With(field.Field, field.Field == Field.Register(0) ? 1 : field.Value, field.Mask);
        return flow with
        {
            Match = match,
            Instructions = flow.Instructions.Select(WithoutNetwork).ToValueList(),
        };
    }

    private static Instruction WithoutNetwork(Instruction instruction) =>
        instruction is Instruction.ApplyActions apply
            ? new Instruction.ApplyActions(apply.Actions.Select(WithoutNetwork).ToValueList())
            : instruction;

    private static FlowAction WithoutNetwork(FlowAction action) =>
        action is FlowAction.Load load && load.Target == Field.Register(0).Whole
            ? new FlowAction.Load(load.Target, 1)
            : action;
}
