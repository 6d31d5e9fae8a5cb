using System.Net;
using System.Net.Sockets;

namespace Alcor.OpenFlow.Tests;

/// <summary>The switch's end of a connection, played by the test message by message.</summary>
internal sealed class FakePeer : IAsyncDisposable
{
    private readonly NetworkStream stream;

    private FakePeer(NetworkStream stream) => this.stream = stream;

    /// <summary>A peer and the connection to it, which has been greeted.</summary>
    public static async Task<(FakePeer Peer, OpenFlowConnection Connection)> GreetedAsync(
        OpenFlowConnectionOptions options, CancellationToken token)
    {
        var (peer, client) = await PairAsync(token);
        var connecting = OpenFlowConnection.StartAsync(client, options, token);
        await peer.GreetAsync(1u << (int)OpenFlowVersion.OpenFlow14, token);
        return (peer, await connecting);
    }

    public static async Task<(FakePeer Peer, Stream Client)> PairAsync(CancellationToken token)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, token);
        var server = await listener.AcceptSocketAsync(token);
        return (new FakePeer(new NetworkStream(server, ownsSocket: true)), client.GetStream());
    }

    public async Task GreetAsync(uint versions, CancellationToken token)
    {
        await SendAsync(1, new OpenFlowMessage.Hello(versions), token);
        await ReadAsync<OpenFlowMessage.Hello>(token);
        var features = await ReadAsync<OpenFlowMessage.FeaturesRequest>(token);
        await SendAsync(features, new OpenFlowMessage.FeaturesReply(42, 0, 254, 0, 0), token);
        await ReadAsync<OpenFlowMessage.SetConfig>(token);
        await SendAsync(
            await ReadAsync<OpenFlowMessage.BarrierRequest>(token), new OpenFlowMessage.BarrierReply(), token);
    }

    public Task SendAsync(uint transaction, OpenFlowMessage message, CancellationToken token) => SendAsync(
        OpenFlowCodec.Encode(new OpenFlowFrame(OpenFlowVersion.OpenFlow14, transaction, message)), token);

    public async Task SendAsync(byte[] bytes, CancellationToken token) => await stream.WriteAsync(bytes, token);

    /// <summary>The transaction of the next message of a kind; only echo requests may come before it.</summary>
    public async Task<uint> ReadAsync<T>(CancellationToken token)
        where T : OpenFlowMessage
    {
        var frame = await ReadAsync(token);
        while (frame.Message is OpenFlowMessage.EchoRequest && frame.Message is not T) frame = await ReadAsync(token);
        Assert.IsType<T>(frame.Message);
        return frame.TransactionId;
    }

    public async Task<OpenFlowFrame> ReadAsync(CancellationToken token)
    {
        var header = new byte[OpenFlowCodec.HeaderLength];
        await stream.ReadExactlyAsync(header, token);
        var bytes = new byte[OpenFlowCodec.FrameLength(header)!.Value];
        header.CopyTo(bytes, 0);
        await stream.ReadExactlyAsync(bytes.AsMemory(header.Length), token);
        return OpenFlowCodec.Decode(bytes);
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
