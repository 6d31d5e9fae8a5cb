using System.Collections.Immutable;
using System.CommandLine;
using Alcor.Network;
using Alcor.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Alcor.Server;

/// <summary><c>alcor serve</c>: the server roles, until a signal ends them.</summary>
public static class ServeCommand
{
    private static readonly NetworkSettings Defaults = new();

    private static readonly Option<ImmutableArray<string>> Listen = ServeOptions.Urls(
        "--listen", "Where the API listens: http://address:port. May be repeated.", "http://127.0.0.1:9696");

    private static readonly Option<ImmutableArray<string>> Southbound = ServeOptions.Urls(
        "--southbound", "Where hosts reach the dataplane: http://address:port. May be repeated.", "http://0.0.0.0:9697");

    private static readonly Option<string> Database = new("--database")
    {
        Description = "The database file; made when it is missing.",
        DefaultValueFactory = _ => "alcor.db",
    };

    private static readonly Option<bool> InMemory = new("--in-memory")
    {
        Description = "Keep everything in memory instead; it is gone when the process ends.",
    };

    private static readonly Option<ServerRoles> Roles = ServeOptions.Roles("--roles");

    private static readonly Option<ImmutableArray<NumberRange>> VxlanRanges = ServeOptions.Ranges(
        "--vxlan-range", Defaults.VxlanRanges);

    private static readonly Option<ImmutableArray<MacPrefix>> MacPrefixes = ServeOptions.Prefixes(
        "--mac-prefix", "Where MAC addresses of ports come from, such as fa:16:3e. May be repeated.", Defaults.MacPrefixes);

    private static readonly Option<ImmutableArray<MacPrefix>> ReservedMacPrefixes = ServeOptions.Prefixes(
        "--reserved-mac-prefix", "Addresses that are never given to a port. May be repeated.", []);

    private static readonly Option<int> UnderlayMtu = ServeOptions.Number(
        "--underlay-mtu", "Bytes of an IP packet that the underlay carries.", Defaults.UnderlayMtu, 576, 65_535);

    /// <param name="mapDataplane">The dataplane's endpoints, for <see cref="ServerOptions.MapDataplane"/>.</param>
    public static Command Create(params ImmutableArray<Action<WebApplication, ServerParts>> mapDataplane)
    {
        var command = new Command("serve", "Run the server: the API, the dataplane, or both.")
        {
            Listen, Southbound, Database, InMemory, Roles, VxlanRanges, MacPrefixes, ReservedMacPrefixes, UnderlayMtu,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(Database) is { Implicit: false } && result.GetValue(InMemory))
                result.AddError("--database and --in-memory exclude each other.");
        });
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(Read(parsed) with { MapDataplane = mapDataplane }, cancellationToken));
        return command;
    }

    private static ServerOptions Read(ParseResult parsed) => new()
    {
        Roles = parsed.GetValue(Roles),
        Listen = parsed.GetValue(Listen),
        Southbound = parsed.GetValue(Southbound),
        DatabasePath = parsed.GetValue(InMemory) ? null : parsed.GetValue(Database),
        Network = Defaults with
        {
            VxlanRanges = parsed.GetValue(VxlanRanges),
            MacPrefixes = parsed.GetValue(MacPrefixes),
            ReservedMacPrefixes = parsed.GetValue(ReservedMacPrefixes),
            UnderlayMtu = parsed.GetValue(UnderlayMtu),
        },
        Logging = logging => logging
            .SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            }),
    };

    private static async Task<int> RunAsync(ServerOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await using var server = await AlcorServer.StartAsync(options, cancellationToken);
            foreach (var address in server.Addresses)
                Console.WriteLine($"Networking API: {address}");
            foreach (var address in server.SouthboundAddresses)
                Console.WriteLine($"Dataplane: {address}");
            Console.WriteLine($"State: {options.DatabasePath ?? "in memory"}");
            await WaitAsync(cancellationToken);
            Console.WriteLine("Stopping: waiting for accepted requests.");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception exception) when (exception is IOException or StoreException)
        {
            Console.Error.WriteLine($"alcor: {exception.Message}");
            return 1;
        }
        return 0;
    }

    private static Task WaitAsync(CancellationToken cancellationToken)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cancellationToken.UnsafeRegister(_ => stopped.TrySetResult(), state: null);
        return stopped.Task;
    }
}
