namespace Alcor.OpenFlow;

public sealed partial class OpenFlowConnection
{
    private readonly SemaphoreSlim batches = new(1, 1);
    private uint bundle;

    /// <summary>Returns when the switch has dealt with everything sent before.</summary>
    public Task BarrierAsync(CancellationToken cancellationToken) =>
        RequestAsync<OpenFlowMessage.BarrierReply>(
            new OpenFlowMessage.BarrierRequest(), "a barrier", cancellationToken);

    /// <summary>
    /// Hands the switch a packet and what to do with it; <paramref name="inPort"/> may be CONTROLLER.
    /// </summary>
    /// <remarks>There is no answer; errors of the switch are not told.</remarks>
    public Task PacketOutAsync(
        uint inPort, ValueList<FlowAction> actions, ReadOnlyMemory<byte> packet, CancellationToken cancellationToken) =>
        WriteAsync(Version, NextTransaction(),
            new OpenFlowMessage.PacketOut(inPort, actions, ValueList.Create(packet.Span)), cancellationToken);

    /// <summary>The ports that the switch has.</summary>
    public Task<ValueList<PortDescription>> DescribePortsAsync(CancellationToken cancellationToken)
    {
        var described = new List<PortDescription>();
        return RequestAsync(new OpenFlowMessage.PortDescriptionRequest(), "its ports", message =>
        {
            if (message is not OpenFlowMessage.PortDescriptionReply reply) throw Unexpected(message);
            described.AddRange(reply.Ports);
            return (!reply.HasMore, reply.HasMore ? default : described.ToValueList());
        }, cancellationToken);
    }

    /// <summary>The flows within a filter, with their counters, as the switch has them.</summary>
    /// <exception cref="OpenFlowFormatException">More than
    /// <see cref="OpenFlowConnectionOptions.DumpFlowsMax"/>.</exception>
    public Task<List<FlowStatistics>> DumpFlowsAsync(FlowFilter filter, CancellationToken cancellationToken)
    {
        var flows = new List<FlowStatistics>();
        return RequestAsync(new OpenFlowMessage.FlowStatisticsRequest(filter), "a dump of its flows", message =>
        {
            if (message is not OpenFlowMessage.FlowStatisticsReply reply) throw Unexpected(message);
            if (flows.Count + reply.Flows.Count > options.DumpFlowsMax)
                throw new OpenFlowFormatException($"more than {options.DumpFlowsMax} flows");
            flows.AddRange(reply.Flows);
            return (!reply.HasMore, flows);
        }, cancellationToken);
    }

    /// <summary>Adds, changes or deletes a group and waits until that is done.</summary>
    /// <exception cref="OpenFlowRefusedException">The switch would not.</exception>
    public Task SendGroupAsync(GroupModCommand command, Group group, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(group);
        // A delete that lists buckets is refused.
        if (command == GroupModCommand.Delete) group = group with { Buckets = [] };
        return CommandAsync(
            new OpenFlowMessage.GroupModification(command, group), $"group {group.Id}", cancellationToken);
    }

    /// <summary>Adds, changes or deletes a meter and waits until that is done.</summary>
    /// <exception cref="OpenFlowRefusedException">The switch would not.</exception>
    public Task SendMeterAsync(MeterModCommand command, Meter meter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(meter);
        return CommandAsync(
            new OpenFlowMessage.MeterModification(command, meter), $"meter {meter.Id}", cancellationToken);
    }

    /// <summary>All meters that the switch has, as it has them, in no order.</summary>
    /// <exception cref="OpenFlowFormatException">More than
    /// <see cref="OpenFlowConnectionOptions.DumpMetersMax"/>.</exception>
    /// <exception cref="OpenFlowRefusedException">The switch knows of no meters.</exception>
    public Task<List<Meter>> DumpMetersAsync(CancellationToken cancellationToken)
    {
        var meters = new List<Meter>();
        var request = new OpenFlowMessage.MeterConfigurationRequest(Meter.AllMeters);
        return RequestAsync(request, "a dump of its meters", message =>
        {
            if (message is not OpenFlowMessage.MeterConfigurationReply reply) throw Unexpected(message);
            if (meters.Count + reply.Meters.Count > options.DumpMetersMax)
                throw new OpenFlowFormatException($"more than {options.DumpMetersMax} meters");
            meters.AddRange(reply.Meters);
            return (!reply.HasMore, meters);
        }, cancellationToken);
    }

    /// <summary>Has the switch forget connections, and waits until that is done.</summary>
    /// <exception cref="OpenFlowRefusedException">The switch would not: before Open vSwitch 3.1 it knows how to forget
    /// whole zones only.</exception>
    public Task FlushConntrackAsync(ConnectionFilter which, CancellationToken cancellationToken) => CommandAsync(
        new OpenFlowMessage.FlushConntrack(which), $"to flush {which}", cancellationToken);

    /// <summary>Something that has no answer but an error: the barrier behind it says that there is none.</summary>
    private async Task CommandAsync(OpenFlowMessage command, string what, CancellationToken cancellationToken)
    {
        var number = NextTransaction();
        var change = new PendingReply<bool>(what, _ => (false, false));
        pending[number] = change;
        try
        {
            await WriteAsync(Version, number, command, cancellationToken);
            await BarrierAsync(cancellationToken);
            if (change.Task.IsCompleted) await change.Task;
        }
        finally
        {
            pending.TryRemove(number, out _);
        }
    }

    /// <summary>
    /// Sends a batch and returns when the switch has dealt with all of it. Bundles of
    /// <see cref="OpenFlowConnectionOptions.BundleFlowsMax"/> are atomic each; the first that fails ends the batch.
    /// Batches of several callers go one after another.
    /// </summary>
    public async Task<FlowBatchResult> SendFlowsAsync(
        IReadOnlyList<FlowMod> changes, FlowDelivery delivery, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        await batches.WaitAsync(cancellationToken);
        try
        {
            var failures = new List<FlowFailure>();
            var applied = 0;
            for (var offset = 0; offset < changes.Count; offset += options.BundleFlowsMax)
            {
                var count = Math.Min(options.BundleFlowsMax, changes.Count - offset);
                var failed = await SendPartAsync(changes, offset, count, delivery, cancellationToken);
                failures.AddRange(failed);
                if (delivery == FlowDelivery.Bundle && failed.Count > 0) break;
                applied += count - failed.Count;
            }

            return new FlowBatchResult(applied, failures.ToValueList());
        }
        finally
        {
            batches.Release();
        }
    }

    private async Task<List<FlowFailure>> SendPartAsync(
        IReadOnlyList<FlowMod> changes, int offset, int count, FlowDelivery delivery,
        CancellationToken cancellationToken)
    {
        var part = new PendingBatch(ReserveTransactions(count), changes, offset, count);
        batch = part;
        try
        {
            if (delivery == FlowDelivery.Barrier)
            {
                await WriteFlowsAsync(part, null, cancellationToken);
                await BarrierAsync(cancellationToken);
                return [.. part.Failures];
            }

            var number = ++bundle;
            await ControlAsync(number, BundleControlType.OpenRequest, cancellationToken);
            await WriteFlowsAsync(part, number, cancellationToken);
            // The switch would commit a bundle without the messages it refused; so ask first whether it refused any.
            await BarrierAsync(cancellationToken);
            var isRefused = part.Failures.Any();
            if (isRefused) await ControlAsync(number, BundleControlType.DiscardRequest, cancellationToken);
            else await CommitAsync(number, part, cancellationToken);
            return [.. part.Failures];
        }
        finally
        {
            batch = null;
        }
    }

    private Task ControlAsync(uint number, BundleControlType type, CancellationToken cancellationToken) =>
        RequestAsync<OpenFlowMessage.BundleControl>(
            new OpenFlowMessage.BundleControl(number, type, BundleFlags.Atomic | BundleFlags.Ordered),
            $"a bundle's {type}", cancellationToken);

    private async Task CommitAsync(uint number, PendingBatch part, CancellationToken cancellationToken)
    {
        try
        {
            await ControlAsync(number, BundleControlType.CommitRequest, cancellationToken);
        }
        catch (OpenFlowRefusedException)
        {
            // The switch names the flow-mod at fault before or after it refuses the commit; a barrier outlasts both.
            await BarrierAsync(cancellationToken);
            if (!part.Failures.Any()) throw;
        }
    }

    private async Task WriteFlowsAsync(PendingBatch part, uint? number, CancellationToken cancellationToken)
    {
        const BundleFlags flags = BundleFlags.Atomic | BundleFlags.Ordered;
        var writer = new WireWriter(options.WriteChunk + OpenFlowCodec.MaxMessageLength);
        for (var i = 0; i < part.Count; i++)
        {
            OpenFlowMessage message = new OpenFlowMessage.FlowModification(part[i]);
            if (number is { } bundled) message = new OpenFlowMessage.BundleAdd(bundled, flags, message);
            MessageWriter.Write(writer, Version, part.First + (uint)i, message);
            if (writer.Length < options.WriteChunk && i < part.Count - 1) continue;
            await WriteBytesAsync(writer.Written, cancellationToken);
            writer.Clear();
        }
    }

    private Task<T> RequestAsync<T>(OpenFlowMessage request, string what, CancellationToken cancellationToken)
        where T : OpenFlowMessage =>
        RequestAsync(request, what, message => (true, message as T ?? throw Unexpected(message)), cancellationToken);

    private static OpenFlowFormatException Unexpected(OpenFlowMessage message) =>
        new($"an unexpected answer, {message.GetType().Name}");

    private async Task<T> RequestAsync<T>(
        OpenFlowMessage request, string what, Func<OpenFlowMessage, (bool IsLast, T? Value)> accept,
        CancellationToken cancellationToken)
    {
        var number = NextTransaction();
        var reply = new PendingReply<T>(what, accept);
        pending[number] = reply;
        try
        {
            await WriteAsync(Version, number, request, cancellationToken);
            // The connection may have ended after the check of the write and before it saw what is pending.
            if (failure is { } reason) reply.Fail(reason);
            return await reply.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            pending.TryRemove(number, out _);
        }
    }

    private Task WriteAsync(
        OpenFlowVersion version, uint number, OpenFlowMessage message, CancellationToken cancellationToken)
    {
        var writer = new WireWriter();
        MessageWriter.Write(writer, version, number, message);
        return WriteBytesAsync(writer.Written, cancellationToken);
    }

    private async Task WriteBytesAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await writing.WaitAsync(cancellationToken);
        try
        {
            if (failure is { } reason) throw Lost(reason);
            // Half a message would spoil the stream, so a write once begun ends only with the connection.
            await stream.WriteAsync(bytes, stopping.Token);
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            End(new OpenFlowConnectionException($"the connection broke: {exception.Message}", exception), isLoss: true);
            throw Lost(failure!);
        }
        finally
        {
            writing.Release();
        }
    }

    private static OpenFlowConnectionException Lost(Exception reason) => new(reason.Message, reason);
}
