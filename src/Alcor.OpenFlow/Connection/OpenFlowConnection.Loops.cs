namespace Alcor.OpenFlow;

public sealed partial class OpenFlowConnection
{
    private async Task ReadLoopAsync()
    {
        var buffer = new byte[256 * 1024];
        var (start, end) = (0, 0);
        try
        {
            while (true)
            {
                var count = await stream.ReadAsync(buffer.AsMemory(end), stopping.Token);
                if (count == 0) throw new OpenFlowConnectionException("the switch closed the connection");
                end += count;
                Interlocked.Exchange(ref lastHeard, options.TimeProvider.GetTimestamp());
                start += DispatchAll(buffer.AsSpan(start, end - start));
                // The buffer holds several messages of the greatest size, so there is always room after this.
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
            }
        }
        catch (OpenFlowConnectionException exception)
        {
            End(exception, isLoss: true);
        }
        catch (OpenFlowFormatException exception)
        {
            End(new OpenFlowConnectionException(
                $"the switch sent what is not OpenFlow: {exception.Message}", exception), true);
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            End(new OpenFlowConnectionException($"the connection broke: {exception.Message}", exception), isLoss: true);
        }
    }

    /// <summary>Deals with the whole messages at the start of the bytes and tells how many bytes those were.</summary>
    private int DispatchAll(ReadOnlySpan<byte> bytes)
    {
        var done = 0;
        while (OpenFlowCodec.FrameLength(bytes[done..]) is { } length && length <= bytes.Length - done)
        {
            Dispatch(OpenFlowCodec.Decode(bytes.Slice(done, length)));
            done += length;
        }

        return done;
    }

    private static bool IsEnd(Exception exception) =>
        exception is IOException or ObjectDisposedException or OperationCanceledException;

    private void Dispatch(OpenFlowFrame frame)
    {
        switch (frame.Message)
        {
            case OpenFlowMessage.EchoRequest echo:
                echoes.Writer.TryWrite(frame with { Message = new OpenFlowMessage.EchoReply(echo.Data) });
                break;
            case OpenFlowMessage.PacketIn packet:
                packets.Writer.TryWrite(packet.Event);
                break;
            case OpenFlowMessage.PortStatus status:
                ports.Writer.TryWrite(status.Event);
                break;
            case OpenFlowMessage.Hello hello:
                // Without a bitmap the version of the header means it and all below (section 6.3.1).
                Answer(0, hello.Versions != 0 ? hello : new OpenFlowMessage.Hello((2u << (int)frame.Version) - 1));
                break;
            case OpenFlowMessage.Error error when batch is { } sent && sent.Contains(frame.TransactionId):
                sent.Accept(frame.TransactionId, error);
                break;
            case OpenFlowMessage.Error error when pending.TryGetValue(0, out _):
                // Before the HELLOs are through, an error can only mean that the peer does not want ours.
                throw new OpenFlowConnectionException($"the switch refused our HELLO: {error.Reason}");
            default:
                Answer(frame.TransactionId, frame.Message);
                break;
        }
    }

    private void Answer(uint to, OpenFlowMessage message)
    {
        if (pending.TryGetValue(to, out var waiting) && waiting.Accept(to, message)) pending.TryRemove(to, out _);
    }

    private async Task EchoLoopAsync()
    {
        try
        {
            await foreach (var echo in echoes.Reader.ReadAllAsync(stopping.Token))
                await WriteAsync(echo.Version, echo.TransactionId, echo.Message, stopping.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or OpenFlowConnectionException)
        {
            // The connection ended; whoever ended it has said why.
        }
    }

    private async Task KeepaliveLoopAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(options.KeepaliveInterval, options.TimeProvider);
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                var silence = options.TimeProvider.GetElapsedTime(Interlocked.Read(ref lastHeard));
                if (silence >= options.KeepaliveTimeout)
                {
                    var reason = $"the switch said nothing for {silence.TotalSeconds:0} s";
                    End(new OpenFlowConnectionException(reason), isLoss: true);
                    return;
                }

                // A full buffer towards a dead peer must not keep this loop from seeing that it is dead.
                if (silence >= options.KeepaliveInterval && writing.CurrentCount > 0)
                    _ = EchoAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The connection ended; whoever ended it has said why.
        }
    }

    private async Task EchoAsync()
    {
        try
        {
            await WriteAsync(Version, NextTransaction(), new OpenFlowMessage.EchoRequest([]), stopping.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or OpenFlowConnectionException)
        {
            // As above.
        }
    }
}
