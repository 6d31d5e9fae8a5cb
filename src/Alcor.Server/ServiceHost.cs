using System.Net;
using System.Net.Sockets;
using Alcor.Agent;
using Alcor.Agent.Dns;
using Alcor.Agent.Services;
using Alcor.Server.Metadata;

namespace Alcor.Server;

/// <summary>What the agent of a host does for its machines besides flows.</summary>
public sealed record ServiceOptions
{
    public required ServiceNamespaceOptions Namespace { get; init; }

    /// <summary>Null: this host has no metadata service.</summary>
    public MetadataOptions? Metadata { get; init; }

    /// <summary>Who is asked what is not for the host to know; null: this host answers no names.</summary>
    public IReadOnlyList<IPEndPoint>? Resolvers { get; init; }

    public HostServices Offered => (Metadata is null ? HostServices.None : HostServices.Metadata)
        | (Resolvers is null ? HostServices.None : HostServices.Dns);
}

/// <summary>
/// Keeps the service namespace of a host, and in it those who answer. What goes wrong there is tried again and ends
/// nothing else: the agent carries packets without it.
/// </summary>
/// <param name="directory">Who is known now; null: the host has not been told everything yet.</param>
internal sealed class ServiceHost(
    ServiceOptions options, Func<ServiceDirectory?> directory, TimeProvider time, IAgentLog log)
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(2);

    /// <summary>Connections that wait to be accepted.</summary>
    private const int Backlog = 512;

    /// <summary>Until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (options.Offered == HostServices.None)
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
        while (true)
        {
            try
            {
                await ServeAsync(cancellationToken);
            }
            catch (Exception error) when (error is IOException or SocketException)
            {
                log.Write(AgentLogLevel.Warning, $"{options.Offered} cannot be offered: {error.Message}");
            }
            await Task.Delay(RetryPause, time, cancellationToken);
        }
    }

    private async Task ServeAsync(CancellationToken cancellationToken)
    {
        var space = new ServiceNamespace(options.Namespace);
        await space.EnsureAsync(cancellationToken);
        using var sockets = await space.InsideAsync(() => ServiceSockets.Open(options.Offered));
        await using var metadata = options.Metadata is { } nova
            ? await MetadataListener.StartAsync(
                sockets.Http, new MetadataProxy(nova, directory, time), cancellationToken)
            : null;
        log.Write(AgentLogLevel.Information, $"{options.Offered} in network namespace {options.Namespace.Name}");
        if (options.Resolvers is { } resolvers)
        {
            await new DnsServer(directory, resolvers, time)
                .RunAsync(sockets.Datagrams!, sockets.Names!, cancellationToken);
        }
        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
    }

    /// <summary>Where the services of a namespace are asked.</summary>
    private sealed class ServiceSockets : IDisposable
    {
        public IReadOnlyList<Socket> Http { get; private set; } = [];

        public Socket? Datagrams { get; private set; }

        public Socket? Names { get; private set; }

        public static ServiceSockets Open(HostServices offered)
        {
            var sockets = new ServiceSockets();
            try
            {
                if (offered.HasFlag(HostServices.Metadata))
                {
                    sockets.Http = [Bind(SocketType.Stream, ServiceAddresses.MetadataPort)];
                    if (ServiceNamespace.HasIpv6)
                        sockets.Http = [.. sockets.Http, BindIpv6(ServiceAddresses.MetadataPort)];
                }
                if (!offered.HasFlag(HostServices.Dns))
                    return sockets;
                sockets.Datagrams = Bind(SocketType.Dgram, ServiceAddresses.DnsPort);
                sockets.Names = Bind(SocketType.Stream, ServiceAddresses.DnsPort);
                sockets.Names.Listen(Backlog);
                return sockets;
            }
            catch
            {
                sockets.Dispose();
                throw;
            }
        }

        public void Dispose()
        {
            foreach (var socket in Http)
                socket.Dispose();
            Datagrams?.Dispose();
            Names?.Dispose();
        }

        private static Socket Bind(SocketType type, ushort port) =>
            Bind(type, new IPEndPoint(ServiceAddresses.Service, port));

        private static Socket BindIpv6(ushort port) =>
            Bind(SocketType.Stream, new IPEndPoint(ServiceAddresses.Ipv6Service, port));

        private static Socket Bind(SocketType type, IPEndPoint at)
        {
            var socket = new Socket(at.AddressFamily, type,
                type == SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp);
            // An agent that starts again does not wait for the connections of the one before.
            if (type == SocketType.Stream)
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
            socket.Bind(at);
            return socket;
        }
    }
}
