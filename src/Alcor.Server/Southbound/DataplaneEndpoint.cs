using System.Buffers;
using Alcor.Dataplane;
using Alcor.Protocol;
using Alcor.Protocol.V1;
using Alcor.Rpc;

namespace Alcor.Server.Southbound;

/// <summary>The one gRPC method between dataplane and agents, and its two ends.</summary>
internal static class DataplaneEndpoint
{
    public static readonly RpcMethod<AgentMessage, DataplaneMessage> Connect =
        new(DataplaneReflection.Descriptor.Services[0], "Connect");

    /// <summary>Serves each agent that dials until either side ends the call.</summary>
    public static void Map(IEndpointRouteBuilder endpoints, DataplaneService dataplane, ILogger logger) =>
        endpoints.MapDuplex(Connect, async (requests, responses, context) =>
        {
            var reason = await dataplane.ServeAsync(new HostChannel(requests, responses), context.CancellationToken);
            logger.LogInformation("The session with {Peer} ended: {Reason}", context.Peer, reason);
        });

    /// <summary>
    /// Dials one address after the other, each time the next: whichever dataplane lives will be found.
    /// </summary>
    public static DialDataplane Dial(IReadOnlyList<Uri> addresses)
    {
        var next = 0;
        return _ =>
        {
            var channel = new RpcChannel(addresses[next++ % addresses.Count]);
            // The call outlives the dialling: disposing of the channel ends it.
            var call = channel.Duplex(Connect, options: null, CancellationToken.None);
            return Task.FromResult<IAgentChannel>(new AgentChannel(channel, call));
        };
    }

    private sealed class HostChannel(IAsyncEnumerable<AgentMessage> requests, IRpcWriter<DataplaneMessage> responses)
        : IHostChannel
    {
        public ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
            responses.SendEncodedAsync(new ReadOnlySequence<byte>(message), cancellationToken);

        public IAsyncEnumerable<AgentMessage> ReadAllAsync(CancellationToken cancellationToken) => requests;
    }

    private sealed class AgentChannel(RpcChannel channel, IDuplexCall<AgentMessage, DataplaneMessage> call)
        : IAgentChannel
    {
        public ValueTask SendAsync(AgentMessage message, CancellationToken cancellationToken) =>
            call.SendAsync(message, cancellationToken);

        public IAsyncEnumerable<DataplaneMessage> ReadAllAsync(CancellationToken cancellationToken) =>
            call.ReadAllAsync(cancellationToken);

        public async ValueTask DisposeAsync()
        {
            await call.DisposeAsync();
            channel.Dispose();
        }
    }
}
