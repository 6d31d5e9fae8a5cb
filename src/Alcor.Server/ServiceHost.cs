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
            await new DnsServer(directory, resolvers, time).RunAsync(sockets.Names, cancellationToken);
        }
        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
    }

    /// <summary>Where the services of a namespace are asked, over either version of IP that there is.</summary>
    private sealed class ServiceSockets : IDisposable
    {
        private static readonly IReadOnlyList<IPAddress> Addresses = ServiceNamespace.HasIpv6
            ? [ServiceAddresses.Service, ServiceAddresses.Ipv6Service]
            : [ServiceAddresses.Service];

        private readonly List<Socket> _http = [];
        private readonly List<Socket> _names = [];

        public IReadOnlyList<Socket> Http => _http;

        public IReadOnlyList<Socket> Names => _names;

        public static ServiceSockets Open(HostServices offered)
        {
            var sockets = new ServiceSockets();
            try
            {
                foreach (var address in Addresses)
                    sockets.Open(offered, address);
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
            foreach (var socket in _http.Concat(_names))
                socket.Dispose();
        }

        private void Open(HostServices offered, IPAddress address)
        {
            if (offered.HasFlag(HostServices.Metadata))
                Bind(_http, SocketType.Stream, address, ServiceAddresses.MetadataPort);
            if (!offered.HasFlag(HostServices.Dns))
                return;
            Bind(_names, SocketType.Dgram, address, ServiceAddresses.DnsPort);
            Bind(_names, SocketType.Stream, address, ServiceAddresses.DnsPort).Listen(Backlog);
        }

        private static Socket Bind(List<Socket> into, SocketType type, IPAddress address, ushort port)
        {
            var socket = new Socket(address.AddressFamily, type,
                type == SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp);
            into.Add(socket);
            // An agent that starts again does not wait for the connections of the one before.
            if (type == SocketType.Stream)
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
            socket.Bind(new IPEndPoint(address, port));
            return socket;
        }
    }
}
