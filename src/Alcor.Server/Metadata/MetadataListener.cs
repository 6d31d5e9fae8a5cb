using System.Net;
using System.Net.Sockets;
using System.Text;
using Alcor.Agent.Services;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Alcor.Server.Metadata;

/// <summary>The metadata proxy at sockets, wherever those were opened.</summary>
internal sealed class MetadataListener : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly MetadataProxy _proxy;
    private readonly IReadOnlyList<Socket> _sockets;

    private MetadataListener(WebApplication application, MetadataProxy proxy, IReadOnlyList<Socket> sockets) =>
        (_application, _proxy, _sockets) = (application, proxy, sockets);

    /// <summary>When the call returns, requests are answered.</summary>
    /// <param name="sockets">Bound; from here on they are the listener's.</param>
    public static async Task<MetadataListener> StartAsync(
        IReadOnlyList<Socket> sockets, MetadataProxy proxy, CancellationToken cancellationToken)
    {
        var connections = new Occupancy<IPAddress>(
            MetadataLimits.ConnectionsMax, MetadataLimits.ConnectionsPerClientMax);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "alcor" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.AllowResponseHeaderCompression = false;
            kestrel.ResponseHeaderEncodingSelector = _ => Encoding.UTF8;
            kestrel.Limits.MaxRequestBodySize = MetadataLimits.RequestBodyBytesMax;
            kestrel.Limits.KeepAliveTimeout = MetadataLimits.IdleTimeout;
            foreach (var socket in sockets)
            {
                kestrel.ListenHandle((ulong)socket.Handle, listen =>
                {
                    listen.Protocols = HttpProtocols.Http1;
                    listen.Use(next => connection => AdmitAsync(connections, connection, next));
                });
            }
        });
        var application = builder.Build();
        application.Run(proxy.HandleAsync);
        await application.StartAsync(cancellationToken);
        return new MetadataListener(application, proxy, sockets);
    }

    public async ValueTask DisposeAsync()
    {
        // Machines ask again; nothing is worth waiting for.
        await _application.StopAsync(new CancellationToken(canceled: true));
        await _application.DisposeAsync();
        _proxy.Dispose();
        foreach (var socket in _sockets)
            socket.Dispose();
    }

    private static async Task AdmitAsync(
        Occupancy<IPAddress> connections, ConnectionContext connection, ConnectionDelegate next)
    {
        using var place = connections.TryTake(((IPEndPoint)connection.RemoteEndPoint!).Address);
        if (place is null)
            connection.Abort(new ConnectionAbortedException("too many connections of one machine, or of all"));
        else if (await IsReadyAsync(connection))
            await next(connection);
    }

    /// <summary>False: it has ended, or said nothing in time.</summary>
    private static async Task<bool> IsReadyAsync(ConnectionContext connection)
    {
        if (((IPEndPoint)connection.RemoteEndPoint!).AddressFamily == AddressFamily.InterNetwork)
            return true;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
        patience.CancelAfter(MetadataLimits.IdleTimeout);
        try
        {
            await HostZones.BlankAsync(connection.Transport.Input, patience.Token);
            return true;
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            connection.Abort();
            return false;
        }
    }
}
