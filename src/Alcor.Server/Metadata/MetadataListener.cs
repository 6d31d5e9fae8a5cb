using System.Net;
using System.Net.Sockets;
using System.Text;
using Alcor.Agent.Services;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Alcor.Server.Metadata;

/// <summary>The metadata proxy at a socket, wherever that was opened.</summary>
internal sealed class MetadataListener : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly MetadataProxy _proxy;
    private readonly Socket _socket;

    private MetadataListener(WebApplication application, MetadataProxy proxy, Socket socket) =>
        (_application, _proxy, _socket) = (application, proxy, socket);

    /// <summary>When the call returns, requests are answered.</summary>
    /// <param name="socket">Bound; from here on it is the listener's.</param>
    public static async Task<MetadataListener> StartAsync(
        Socket socket, MetadataProxy proxy, CancellationToken cancellationToken)
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
            kestrel.ListenHandle((ulong)socket.Handle, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.Use(next => connection => AdmitAsync(connections, connection, next));
            });
        });
        var application = builder.Build();
        application.Run(proxy.HandleAsync);
        await application.StartAsync(cancellationToken);
        return new MetadataListener(application, proxy, socket);
    }

    public async ValueTask DisposeAsync()
    {
        // Machines ask again; nothing is worth waiting for.
        await _application.StopAsync(new CancellationToken(canceled: true));
        await _application.DisposeAsync();
        _proxy.Dispose();
        _socket.Dispose();
    }

    private static async Task AdmitAsync(
        Occupancy<IPAddress> connections, ConnectionContext connection, ConnectionDelegate next)
    {
        using var place = connections.TryTake(((IPEndPoint)connection.RemoteEndPoint!).Address);
        if (place is null)
            connection.Abort(new ConnectionAbortedException("too many connections of one machine, or of all"));
        else
            await next(connection);
    }
}
