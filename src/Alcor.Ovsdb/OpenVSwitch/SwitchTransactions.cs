using System.Collections.Immutable;

namespace Alcor.Ovsdb.OpenVSwitch;

/// <summary>A transaction that the switch has applied, and the switch afterwards. No results: nothing to do.</summary>
public sealed record AppliedTransaction(ImmutableArray<OvsdbOperationResult> Results, SwitchView View);

/// <summary>Transactions on a client that watches <see cref="SwitchTables.Watched"/>.</summary>
public static class SwitchTransactions
{
    public static OvsdbClientOptions OptionsFor(Func<CancellationToken, Task<Stream>> dial, TimeProvider time) =>
        new(dial, SwitchTables.Database, SwitchTables.Watched, time);

    /// <summary>
    /// Plans from the newest snapshot, carries the plan out and waits until the switch has applied it. If there is
    /// nothing to do, it only waits for what was asked for before.
    /// </summary>
    public static async Task<AppliedTransaction> EnsureAsync(
        this OvsdbClient client, Action<SwitchPlan> ask, CancellationToken cancellation)
    {
        var snapshot = await client.Replica.WaitForAsync(_ => true, cancellation);
        var plan = new SwitchPlan(new SwitchView(snapshot));
        ask(plan);
        return await client.TransactAndWaitAppliedAsync(plan.Operations, cancellation);
    }

    /// <summary>
    /// Carries out a transaction that also increments <c>next_cfg</c>, and waits until <c>cur_cfg</c> shows that
    /// ovs-vswitchd has applied it. An interface that could not be made says so in its <c>error</c>, not here. Waits as
    /// long as the switch is stopped; errors are those of <see cref="OvsdbConnection.TransactAsync"/>.
    /// </summary>
    public static async Task<AppliedTransaction> TransactAndWaitAppliedAsync(
        this OvsdbClient client, IReadOnlyList<OvsdbOperation> operations, CancellationToken cancellation)
    {
        if (operations.Count == 0)
        {
            var calm = await client.Replica.WaitForAsync(
                now => new SwitchView(now).Switch is not { } row || row.CurrentConfiguration >= row.NextConfiguration,
                cancellation);
            return new([], new SwitchView(calm));
        }

        OvsdbOperation[] all =
        [
            .. operations,
            new OvsdbOperation.Mutate(
                SwitchTables.Switch, OvsdbCondition.Everywhere, [new OvsdbMutation("next_cfg", "+=", 1)]),
            new OvsdbOperation.Select(SwitchTables.Switch, OvsdbCondition.Everywhere, ["next_cfg"]),
        ];
        var results = await client.TransactAsync(all, cancellation);
        if (results[^1].Rows is not [var read])
            throw new SwitchConflictException("The database has no Open_vSwitch row, so no switch works from it.");
        var wanted = read["next_cfg"].Single.Integer;
        var applied = await client.Replica.WaitForAsync(
            now => new SwitchView(now).Switch?.CurrentConfiguration >= wanted, cancellation);
        return new(results[..operations.Count], new SwitchView(applied));
    }
}
