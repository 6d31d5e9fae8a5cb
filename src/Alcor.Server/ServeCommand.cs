using System.Collections.Immutable;
using System.CommandLine;
using Alcor.Network;
using Alcor.Network.Networks;
using Alcor.Network.Quotas;
using Alcor.Server.Identity;
using Alcor.Storage;

namespace Alcor.Server;

/// <summary><c>alcor serve</c>: the server roles, until a signal ends them.</summary>
public static class ServeCommand
{
    private static readonly ServerOptions Defaults = new();

    private static readonly Option<ImmutableArray<string>> Listen = ServeOptions.Urls(
        "--listen", "Where the API listens: http://address:port.", Defaults.Listen[0]);

    private static readonly Option<ImmutableArray<string>> Southbound = ServeOptions.Urls(
        "--southbound", "Where hosts reach the dataplane: http://address:port.", Defaults.Southbound[0]);

    private static readonly Option<string> Database = new("--database")
    {
        Description = "The database file; made when it is missing.",
        DefaultValueFactory = _ => "alcor.db",
    };

    private static readonly Option<bool> InMemory = new("--in-memory")
    {
        Description = "Keep everything in memory instead; it is gone when the process ends.",
    };

    private static readonly Option<string> PolicyFile = new("--policy-file")
    {
        Description = "Rules that replace the default ones, in the YAML of oslo.policy; read again when it changes.",
    };

    private static readonly Option<ServerRoles> Roles = ServeOptions.Roles("--roles");

    private static readonly Option<ImmutableArray<NumberRange>> VxlanRanges = ServeOptions.Ranges(
        "--vxlan-range",
        NetworkSettings.VxlanIds,
        $"VXLAN network identifiers to give out. Default: {Defaults.Network.VxlanRanges[0]}");

    private static readonly Option<ImmutableArray<NumberRange>> GreRanges = ServeOptions.Ranges(
        "--gre-range", NetworkSettings.IdsOf(NetworkType.Gre), "GRE tunnel ids to give out. Default: none");

    private static readonly Option<ImmutableArray<NumberRange>> GeneveRanges = ServeOptions.Ranges(
        "--geneve-range", NetworkSettings.IdsOf(NetworkType.Geneve), "Geneve network ids to give out. Default: none");

    private static readonly Option<ImmutableArray<VlanRange>> VlanRanges = ServeOptions.VlanRanges(
        "--vlan-range", "A physical network that has VLANs, with the ids to give out. Default: none");

    private static readonly Option<ImmutableArray<string>> FlatNetworks = ServeOptions.PhysicalNetworks(
        "--flat-network", "A physical network that may have a flat network; *: all may. Default: *");

    private static readonly Option<ImmutableArray<string>> TenantNetworkTypes = ServeOptions.NetworkTypes(
        "--tenant-network-type", "What networks are by default: the first type with an id left. Default: vxlan");

    private static readonly Option<ImmutableArray<MacPrefix>> MacPrefixes = ServeOptions.Prefixes(
        "--mac-prefix", "One to five octets that MAC addresses of ports begin with. Default: fa:16:3e");

    private static readonly Option<ImmutableArray<MacPrefix>> ReservedMacPrefixes = ServeOptions.Prefixes(
        "--reserved-mac-prefix", "One to five octets that no allocated MAC address begins with. Default: none");

    private static readonly Option<int> UnderlayMtu = ServeOptions.Number(
        "--underlay-mtu",
        "Bytes of an IP packet that the underlay carries.",
        Defaults.Network.UnderlayMtu,
        minimum: 576,
        maximum: 65_535);

    private static readonly Option<int> UnderlayIpVersion = new("--underlay-ip-version")
    {
        Description = "4 or 6: of the hosts' tunnel addresses, which take of the MTU what their header has.",
        DefaultValueFactory = _ => 4,
    };

    private static readonly Option<ImmutableArray<QuotaLimit>> Quotas = ServeOptions.Quotas(
        "--quota", "What a project may have of a type, -1 for any number: network=200. Default: Neutron's");

    private static readonly Option<string?> DnsDomain = ServeOptions.Of<string?>(
        "--dns-domain",
        "name",
        $"The domain of the names of ports. Default: {Defaults.Network.DnsDomain}, with which ports cannot be named",
        ServeOptions.NotEmpty);

    private static readonly Option<int> Liveness = ServeOptions.Number(
        "--liveness-seconds", "A host that has said nothing for so long is gone.", 30, 1, 3_600);

    public static Command Create()
    {
        var command = new Command("serve", "Run the server: the API, the dataplane, or both.")
        {
            Listen, Southbound, Database, InMemory, Roles, VxlanRanges, GreRanges, GeneveRanges, VlanRanges,
            FlatNetworks, TenantNetworkTypes, MacPrefixes, ReservedMacPrefixes, UnderlayMtu,
            UnderlayIpVersion, DnsDomain, Quotas, Liveness, PolicyFile,
        };
        UnderlayIpVersion.AcceptOnlyFromAmong("4", "6");
        KeystoneArguments.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(Database) is { Implicit: false } && result.GetValue(InMemory))
                result.AddError("--database and --in-memory exclude each other.");
        });
        command.SetAction((parsed, cancellationToken) => RunAsync(Read(parsed), cancellationToken));
        return command;
    }

    private static ServerOptions Read(ParseResult parsed) => Defaults with
    {
        Roles = parsed.GetValue(Roles) is var roles and not ServerRoles.None ? roles : Defaults.Roles,
        Listen = Given(parsed.GetValue(Listen), Defaults.Listen),
        Southbound = Given(parsed.GetValue(Southbound), Defaults.Southbound),
        DatabasePath = parsed.GetValue(InMemory) ? null : parsed.GetValue(Database),
        PolicyFile = parsed.GetValue(PolicyFile),
        Network = Defaults.Network with
        {
            VxlanRanges = Given(parsed.GetValue(VxlanRanges), Defaults.Network.VxlanRanges),
            GreRanges = Given(parsed.GetValue(GreRanges), Defaults.Network.GreRanges),
            GeneveRanges = Given(parsed.GetValue(GeneveRanges), Defaults.Network.GeneveRanges),
            VlanRanges = Given(parsed.GetValue(VlanRanges), Defaults.Network.VlanRanges),
            FlatNetworks = Given(parsed.GetValue(FlatNetworks), Defaults.Network.FlatNetworks),
            TenantNetworkTypes = Given(parsed.GetValue(TenantNetworkTypes), Defaults.Network.TenantNetworkTypes),
            MacPrefixes = Given(parsed.GetValue(MacPrefixes), Defaults.Network.MacPrefixes),
            ReservedMacPrefixes = Given(parsed.GetValue(ReservedMacPrefixes), Defaults.Network.ReservedMacPrefixes),
            UnderlayMtu = parsed.GetValue(UnderlayMtu),
            UnderlayHeader = parsed.GetValue(UnderlayIpVersion) == 6 ? 40 : 20,
            Quotas = QuotaLimit.Override(Defaults.Network.Quotas, Given(parsed.GetValue(Quotas), [])),
            DnsDomain = parsed.GetValue(DnsDomain) ?? Defaults.Network.DnsDomain,
        },
        Keystone = KeystoneArguments.Read(parsed),
        Dataplane = Defaults.Dataplane with { Liveness = TimeSpan.FromSeconds(parsed.GetValue(Liveness)) },
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

    private static ImmutableArray<T> Given<T>(ImmutableArray<T> values, ImmutableArray<T> initial) =>
        values.IsDefault ? initial : values;

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
