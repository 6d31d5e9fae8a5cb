using System.Collections.Immutable;
using Alcor.Dataplane;
using Alcor.Kernel.Lanes;
using Alcor.Kernel.Store;
using Alcor.Network;
using Alcor.Server.Api;
using Alcor.Server.Api.Native;
using Alcor.Server.Api.Neutron;
using Alcor.Server.Identity;
using Alcor.Server.Southbound;
using Alcor.Storage;
using Alcor.Storage.Sqlite;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Alcor.Server;

/// <summary>
/// A running server: the API, the dataplane's listener and the store under both, in this process. Disposing of it
/// refuses new connections, waits for the requests that were accepted, and closes the store.
/// </summary>
public sealed class AlcorServer : IAsyncDisposable
{
    private readonly List<WebApplication> listeners = [];
    private readonly bool ownsStore;
    private DataplaneService? dataplane;
    private KeystoneAuthentication? keystone;

    private AlcorServer(ServerParts parts, bool ownsStore) => (Parts, this.ownsStore) = (parts, ownsStore);

    public ServerParts Parts { get; }

    /// <summary>Where the API listens, with the ports that were taken; empty without that role.</summary>
    public ImmutableArray<string> Addresses { get; private set; } = [];

    /// <summary>Where the dataplane listens; empty without that role.</summary>
    public ImmutableArray<string> SouthboundAddresses { get; private set; } = [];

    /// <summary>What the API answers, by method and path; empty without that role.</summary>
    internal ImmutableArray<(string Method, string Path)> Routes { get; private set; } = [];

    /// <summary>Opens the store and listens; when the call returns, requests are answered.</summary>
    /// <exception cref="IOException">An address cannot be listened on, or the policy file cannot be used.</exception>
    /// <exception cref="StoreException">The database cannot be opened.</exception>
    public static async Task<AlcorServer> StartAsync(ServerOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var store = options.Store ?? await OpenAsync(options.DatabasePath, cancellationToken);
        var catalog = NetworkCatalog.Types;
        var lanes = new CommandLanes(
            store, catalog, options.Time, new StoredQuotas(store, options.Network.Quotas));
        var server = new AlcorServer(
            new ServerParts(store, catalog, lanes, options.Network, options.Time), ownsStore: options.Store is null);
        try
        {
            // The dataplane first: whoever creates a port right after the start finds it listening.
            if (options.Roles.HasFlag(ServerRoles.Dataplane))
                server.SouthboundAddresses = await server.StartDataplaneAsync(options, cancellationToken);
            if (options.Roles.HasFlag(ServerRoles.Api))
                server.Addresses = await server.StartApiAsync(options, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // In the reverse order of the start: no new commands, then no more hosts, then no store.
        listeners.Reverse();
        foreach (var listener in listeners)
        {
            await listener.StopAsync();
            await listener.DisposeAsync();
        }
        listeners.Clear();
        keystone?.Dispose();
        if (ownsStore)
            await Parts.Store.DisposeAsync();
    }

    private static async Task<IStore> OpenAsync(string? path, CancellationToken cancellationToken) => path is null
        ? new MemoryStore()
        : await SqliteStore.OpenAsync(new SqliteStoreOptions(path), cancellationToken);

    private async Task<ImmutableArray<string>> StartDataplaneAsync(
        ServerOptions options, CancellationToken cancellationToken)
    {
        var application = Listener.Build(options.Southbound, HttpProtocols.Http2, options.Logging);
        var facts = new LaneFacts(
            Parts.Lanes, Parts.Store, Parts.Catalog, () => Guid.CreateVersion7(options.Time.GetUtcNow()).ToString());
        dataplane = new DataplaneService(Parts.Store, Parts.Catalog, facts, options.Dataplane, options.Time);
        await dataplane.StartAsync(cancellationToken);
        var logger = application.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Alcor.Dataplane");
        DataplaneEndpoint.Map(application, dataplane, logger);
        // Agents hold their calls open for ever: without this, a stop would wait for them as long as it may.
        application.Lifetime.ApplicationStopping.Register(dataplane.Dispose);
        return await StartAsync(application, cancellationToken);
    }

    private async Task<ImmutableArray<string>> StartApiAsync(ServerOptions options, CancellationToken cancellationToken)
    {
        var application = Listener.Build(options.Listen, HttpProtocols.Http1, options.Logging);
        var logger = application.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Alcor.Api");
        var services = new ApiServices(Parts.Store, Parts.Catalog, Parts.Lanes, options.Time, options.Entropy)
        {
            Policy = PolicySource.Open(options.PolicyFile, options.Time, logger),
            Convergence = dataplane?.Convergence,
        };
        var api = new NetworkingApi(
            [.. NeutronApi.Collections(options.Network, services), .. NativeApi.Collections(options.Network, services)],
            [.. NeutronApi.Operations(options.Network, services), .. NativeApi.Operations(services)],
            services,
            logger);
        Routes = [.. api.Routes];
        application.UseWhen(
            http => http.Request.Path.StartsWithSegments("/docs", StringComparison.Ordinal),
            branch => branch.UseSwaggerUI(page =>
            {
                page.RoutePrefix = "docs";
                page.DocumentTitle = "Alcor Networking API";
                page.SwaggerEndpoint("/openapi/neutron.json", "Networking API v2.0");
                page.SwaggerEndpoint("/openapi/alcor.json", "Alcor API v1");
            }));
        var authentication = Authentication(options, application.Services.GetRequiredService<ILoggerFactory>());
        application.Run(new RequestGate(authentication, api.HandleAsync).HandleAsync);
        return await StartAsync(application, cancellationToken);
    }

    private IAuthentication Authentication(ServerOptions options, ILoggerFactory loggers)
    {
        if (options.Keystone is not { } settings)
            return new NoAuthentication(options.Time);
        keystone = new KeystoneAuthentication(settings, options.Time, loggers.CreateLogger("Alcor.Identity"));
        return keystone;
    }

    private async Task<ImmutableArray<string>> StartAsync(
        WebApplication application, CancellationToken cancellationToken)
    {
        listeners.Add(application);
        await application.StartAsync(cancellationToken);
        return [.. application.Urls];
    }
}
