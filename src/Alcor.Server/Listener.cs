using Alcor.Rpc;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Alcor.Server;

/// <summary>
/// A web application for each listener: the API and the dataplane share the store, but no endpoint, no protocol and no
/// limit.
/// </summary>
internal static class Listener
{
    public static WebApplication Build(
        IReadOnlyList<string> urls, HttpProtocols protocols, Action<ILoggingBuilder> logging)
    {
        // Empty: no configuration files, no environment variables, no handlers of signals. All of it is in the options.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "alcor" });
        builder.WebHost.UseKestrelCore().UseUrls([.. urls]).ConfigureKestrel(kestrel => Configure(kestrel, protocols));
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, ComposedLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ServerLimits.DrainTimeout);
        logging(builder.Logging);
        return builder.Build();
    }

    private static void Configure(KestrelServerOptions kestrel, HttpProtocols protocols)
    {
        kestrel.AddServerHeader = false;
        kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = protocols);
        if (protocols == HttpProtocols.Http2)
        {
            kestrel.ConfigureRpc();
            return;
        }
        // The API counts bytes itself, to answer with an error of its own; this is the fence behind it.
        kestrel.Limits.MaxRequestBodySize = 2L * ServerLimits.RequestBodyBytesMax;
        kestrel.Limits.MaxConcurrentConnections = ServerLimits.ConnectionsMax;
        kestrel.Limits.MaxRequestLineSize = ServerLimits.RequestLineBytesMax;
    }

    /// <summary>
    /// Whoever composed the server says when it starts and stops; signals are the command line's affair.
    /// </summary>
    private sealed class ComposedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
