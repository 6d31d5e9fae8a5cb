using Alcor.Agent.Pipeline;
using Alcor.Agent.Rendering;
using Alcor.OpenFlow;
using Alcor.Ovsdb;
using Alcor.Ovsdb.OpenVSwitch;

namespace Alcor.Agent.Switch;

/// <summary>
/// The real switch: OVSDB for bridge, ports and facts, OpenFlow over the bridge's management socket for flows and
/// packets. The two connections come and go independently; facts stay as last read while the database is away.
/// </summary>
public sealed class OpenVSwitch(OpenVSwitchOptions options, TimeProvider time, IAgentLog log) : ISwitch
{
    // After a change that the database refused: it is asked again, but not in a hurry.
    private static readonly TimeSpan SetupPause = TimeSpan.FromSeconds(1);
    private static readonly FlowFilter Ours = new() { Cookie = Cookies.Ours, CookieMask = Cookies.OursMask };
    private volatile OpenFlowConnection? _connection;

    public async Task RunAsync(ReportSwitchEvent report, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] parts = [WatchDatabaseAsync(report, ending.Token), ConverseAsync(report, ending.Token)];
        await Task.WhenAny(parts);
        ending.Cancel();
        await Task.WhenAll(parts);
    }

    public async Task<IReadOnlyList<Flow>> DumpAsync(CancellationToken cancellationToken)
    {
        var flows = await CallAsync(connection => connection.DumpFlowsAsync(Ours, cancellationToken));
        // A match that the library does not understand was not written by it.
        return [.. flows.Where(found => found.UnknownFields == 0).Select(found => found.Flow)];
    }

    public async Task<IReadOnlyList<FlowRejection>> ApplyAsync(
        IReadOnlyList<FlowChange> changes, CancellationToken cancellationToken)
    {
        var modifications = changes.Select(change => change.ToFlowMod()).ToList();
        var result = await CallAsync(async connection =>
        {
            try
            {
                return await connection.SendFlowsAsync(modifications, FlowDelivery.Bundle, cancellationToken);
            }
            catch (OpenFlowRefusedException error)
            {
                // It would not have the bundle and does not say which flow is to blame. One by one it has to.
                log.Write(AgentLogLevel.Warning, $"the switch refused a bundle: {error.Message}");
                return await connection.SendFlowsAsync(modifications, FlowDelivery.Barrier, cancellationToken);
            }
        });
        return [.. result.Failures.Select(failed => new FlowRejection(changes[failed.Index], $"{failed.Error}"))];
    }

    public async Task<IReadOnlyList<Meter>> DumpMetersAsync(CancellationToken cancellationToken)
    {
        var meters = await CallAsync(connection => connection.DumpMetersAsync(cancellationToken));
        return [.. meters.Where(meter => MeterIds.AreOurs(meter.Id))];
    }

    public async Task<IReadOnlyList<MeterRejection>> ApplyMetersAsync(
        IReadOnlyList<MeterChange> changes, CancellationToken cancellationToken)
    {
        var rejections = new List<MeterRejection>();
        foreach (var change in changes)
        {
            var refusal = await CallAsync(connection => RefusalAsync(connection, change, cancellationToken));
            if (refusal is { } reason)
                rejections.Add(new(change, $"{reason}"));
        }
        return rejections;
    }

    public Task SendAsync(
        ReadOnlyMemory<byte> frame, ValueList<FlowAction> actions, CancellationToken cancellationToken) =>
        CallAsync(async connection =>
        {
            await connection.PacketOutAsync(Ports.Controller, actions, frame, cancellationToken);
            return true;
        });

    public Task FlushConntrackAsync(ConnectionFilter which, CancellationToken cancellationToken) =>
        CallAsync(async connection =>
        {
            try
            {
                await connection.FlushConntrackAsync(which, cancellationToken);
            }
            catch (OpenFlowRefusedException) when (!which.IsWholeZone)
            {
                await connection.FlushConntrackAsync(new ConnectionFilter(which.Zone), cancellationToken);
            }
            return true;
        });

    private static async Task<OpenFlowError?> RefusalAsync(
        OpenFlowConnection connection, MeterChange change, CancellationToken cancellationToken)
    {
        try
        {
            await connection.SendMeterAsync(change.Command, change.Meter, cancellationToken);
            return null;
        }
        catch (OpenFlowRefusedException refused)
        {
            return refused.Error;
        }
    }

    private async Task<T> CallAsync<T>(Func<OpenFlowConnection, Task<T>> call)
    {
        if (_connection is not { } connection)
            throw new SwitchUnavailableException("the switch is not connected");
        try
        {
            return await call(connection);
        }
        catch (Exception error) when (error is OpenFlowConnectionException or OpenFlowFormatException)
        {
            throw new SwitchUnavailableException(error.Message, error);
        }
    }

    private async Task WatchDatabaseAsync(ReportSwitchEvent report, CancellationToken cancellationToken)
    {
        var dial = OvsdbEndpoint.UnixSocket(Path.Combine(options.RunDirectory, "db.sock"));
        await using var client = OvsdbClient.Start(SwitchTransactions.OptionsFor(dial, time));
        SwitchFacts? reported = null;
        await foreach (var change in client.Replica.ChangesAsync(cancellationToken))
        {
            var view = new SwitchView(change.After);
            await SetUpAsync(client, view, cancellationToken);
            if (OpenVSwitchRows.Facts(view, options) is not { } facts || facts == reported)
                continue;
            reported = facts;
            foreach (var refusal in OpenVSwitchRows.RefusedTunnels(view, options))
                log.Write(AgentLogLevel.Warning, refusal);
            await report(new FactsReported(facts), cancellationToken);
        }
    }

    private async Task SetUpAsync(OvsdbClient client, SwitchView view, CancellationToken cancellationToken)
    {
        try
        {
            var plan = new SwitchPlan(view);
            OpenVSwitchRows.Ask(plan, view, options);
            if (plan.Operations.Count == 0)
                return;
            log.Write(AgentLogLevel.Information, $"setting up {options.Bridge} and its ports");
            await client.TransactAsync(plan.Operations, cancellationToken);
        }
        catch (Exception error) when (error is SwitchConflictException or OvsdbTransactionException
            or OvsdbRemoteException or OvsdbConnectionLostException)
        {
            // What another hand changed meanwhile comes as a change, and a lost connection begins with one.
            log.Write(AgentLogLevel.Warning, $"{options.Bridge} cannot be set up: {error.Message}");
            await Task.Delay(SetupPause, time, cancellationToken);
        }
    }

    private async Task ConverseAsync(ReportSwitchEvent report, CancellationToken cancellationToken)
    {
        var path = Path.Combine(options.RunDirectory, $"{options.Bridge}.mgmt");
        while (true)
        {
            try
            {
                await using var connection = await ConnectAsync(path, cancellationToken);
                await CarryAsync(connection, report, cancellationToken);
            }
            catch (OpenFlowConnectionException)
            {
                // Nobody is there, or not yet.
            }
            await Task.Delay(options.RetryPause, time, cancellationToken);
        }
    }

    private async Task<OpenFlowConnection> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(options.GreetingTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await OpenFlowConnection.ConnectUnixAsync(
                path, OpenFlowConnectionOptions.Default with { TimeProvider = time }, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new OpenFlowConnectionException($"no greeting within {options.GreetingTimeout}");
        }
    }

    private async Task CarryAsync(
        OpenFlowConnection connection, ReportSwitchEvent report, CancellationToken cancellationToken)
    {
        var reason = "closed";
        try
        {
            _connection = connection;
            await report(new SwitchConnected(), cancellationToken);
            await foreach (var packet in connection.PacketIns.ReadInContextAsync(cancellationToken))
            {
                if (Cookies.AreOurs(packet.Cookie))
                    await report(PacketPunted.From(packet), cancellationToken);
            }
        }
        catch (OpenFlowConnectionException error)
        {
            reason = error.Message;
        }
        finally
        {
            _connection = null;
        }
        await report(new SwitchDisconnected(reason), cancellationToken);
    }
}
