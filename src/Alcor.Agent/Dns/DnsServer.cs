using System.Net;
using System.Net.Sockets;
using Alcor.Agent.Services;

namespace Alcor.Agent.Dns;

/// <summary>
/// Hears what machines ask, by UDP and by TCP, and answers or has others answer. Who is not known, or while the host
/// does not know yet who is, gets SERVFAIL and may ask again.
/// </summary>
/// <param name="directory">Who is known now; null: the host has not been told everything yet.</param>
public sealed class DnsServer(
    Func<ServiceDirectory?> directory, IReadOnlyList<IPEndPoint> resolvers, TimeProvider time)
{
    private readonly DnsForwarder _forwarder = new(resolvers, time);
    private readonly TokenBuckets<IPAddress> _questions = new(DnsLimits.Questions, time);
    private readonly Lock _gate = new();
    private readonly Occupancy<IPAddress> _waiting = new(DnsLimits.WaitingMax, DnsLimits.WaitingPerClientMax);
    private readonly Occupancy<IPAddress> _connections =
        new(DnsLimits.ConnectionsMax, DnsLimits.ConnectionsPerClientMax);

    /// <summary>Serves until cancelled.</summary>
    /// <param name="sockets">Of datagrams, bound; of connections, listening. They are not closed.</param>
    /// <exception cref="SocketException">One of them is of no use any more.</exception>
    public async Task RunAsync(IEnumerable<Socket> sockets, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var parts = sockets.Select(socket => socket.SocketType == SocketType.Dgram
            ? ServeDatagramsAsync(socket, ending.Token)
            : ServeConnectionsAsync(socket, ending.Token)).ToList();
        await Task.WhenAny(parts);
        await ending.CancelAsync();
        await Task.WhenAll(parts);
    }

    private async Task ServeDatagramsAsync(Socket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[DnsLimits.QuestionBytesMax + 1];
        while (true)
        {
            var received = await socket.ReceiveFromAsync(buffer, socket.LocalEndPoint!, cancellationToken);
            // A longer one has been cut, and cannot be understood.
            if (received.ReceivedBytes > DnsLimits.QuestionBytesMax)
                continue;
            var from = (IPEndPoint)received.RemoteEndPoint;
            if (MayAsk(from.Address))
                _ = AnswerAsync(socket, from, buffer[..received.ReceivedBytes], cancellationToken);
        }
    }

    private async Task AnswerAsync(
        Socket socket, IPEndPoint from, byte[] message, CancellationToken cancellationToken)
    {
        try
        {
            if (await AnswerAsync(from.Address, message, isUdp: true, cancellationToken) is { } answer)
                await socket.SendToAsync(answer, from, cancellationToken);
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            // Whoever asked asks again.
        }
    }

    private async Task ServeConnectionsAsync(Socket listener, CancellationToken cancellationToken)
    {
        while (true)
        {
            var socket = await listener.AcceptAsync(cancellationToken);
            var from = ((IPEndPoint)socket.RemoteEndPoint!).Address;
            if (_connections.TryTake(from) is { } place)
                _ = ServeConnectionAsync(socket, from, place, cancellationToken);
            else
                socket.Dispose();
        }
    }

    private async Task ServeConnectionAsync(
        Socket socket, IPAddress from, IDisposable place, CancellationToken cancellationToken)
    {
        using var taken = place;
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            while (true)
            {
                using var patience = new CancellationTokenSource(DnsLimits.ConnectionIdle, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
                var message = await DnsStream.ReadAsync(stream, DnsLimits.QuestionBytesMax, either.Token);
                if (message is null || !MayAsk(from)
                    || await AnswerAsync(from, message, isUdp: false, cancellationToken) is not { } answer)
                {
                    return;
                }
                await DnsStream.WriteAsync(stream, answer, either.Token);
            }
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
        {
            // It has gone, or says nothing.
        }
    }

    private bool MayAsk(IPAddress from)
    {
        lock (_gate)
            return _questions.TryTake(from);
    }

    private async Task<byte[]?> AnswerAsync(
        IPAddress from, byte[] message, bool isUdp, CancellationToken cancellationToken)
    {
        var known = directory();
        if (known?.ClientAt(from) is not { } client)
            return DnsQuery.TryParse(message, out var asked) ? Failure(message, asked) : null;
        var decision = DnsResponder.Decide(message, client, known, isUdp);
        if (decision.Forward is not { } query)
            return decision.Answer;
        using var place = _waiting.TryTake(from);
        if (place is null)
            return Failure(message, query);
        var answer = await _forwarder.AskAsync(message, query, isUdp, cancellationToken);
        if (answer is null)
            return Failure(message, query);
        return isUdp && answer.Length > DnsResponder.LengthMax(query, client)
            ? DnsAnswer.TooLong(message, query)
            : answer;
    }

    private static byte[] Failure(byte[] message, DnsQuery query) =>
        DnsAnswer.Error(message, query, DnsResponseCode.ServerFailure);
}
