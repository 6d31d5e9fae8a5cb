using System.Collections.Immutable;
using System.CommandLine;
using System.Net;
using Alcor.Agent;
using Alcor.Agent.Services;
using Alcor.Agent.Switch;
using Alcor.Network.Nodes;
using Alcor.Server.Southbound;

namespace Alcor.Server;

/// <summary><c>alcor agent</c>: the agent of this host, until a signal ends it. Flows stay when it ends.</summary>
public static class AgentCommand
{
    private static readonly Option<ImmutableArray<string>> Dataplanes = RequiredUrls();

    private static readonly Option<string> Host = new("--host")
    {
        Description = "The name that Nova writes into binding:host_id. Default: this machine's",
        DefaultValueFactory = _ => Dns.GetHostName(),
    };

    private static readonly Option<IPAddress> TunnelAddress = new("--tunnel-address")
    {
        Description = "Where other hosts send encapsulated traffic to: an address of this host.",
        HelpName = "address",
        Required = true,
        CustomParser = result =>
        {
            if (IPAddress.TryParse(result.Tokens[^1].Value, out var address))
                return address;
            result.AddError($"--tunnel-address: '{result.Tokens[^1].Value}' is not an IP address.");
            return null!;
        },
    };

    private static readonly Option<string> RunDirectory = new("--run-directory")
    {
        Description = "Where Open vSwitch has its sockets.",
        DefaultValueFactory = _ => "/var/run/openvswitch",
    };

    private static readonly Option<string> Bridge = new("--bridge")
    {
        Description = "The integration bridge; made when it is missing.",
        DefaultValueFactory = _ => "br-int",
    };

    private static readonly Option<string> DatapathType = new("--datapath-type")
    {
        Description = "system: the kernel's datapath; netdev: the one in userspace.",
        DefaultValueFactory = _ => "system",
    };

    private static readonly Option<string?> Mappings = new("--bridge-mappings")
    {
        Description = "The physical networks of this host, each with its bridge: physnet1:br-ex,physnet2:br-data. They "
            + "say which flat and VLAN networks it reaches. Default: as the API says, and it carries none of them",
        HelpName = "network:bridge",
    };

    private static readonly Option<int> Liveness = ServeOptions.Number(
        "--liveness-seconds", "A dataplane that has said nothing for so long is dead.", 30, 1, 3_600);

    private static readonly Option<bool> Verbose = new("--verbose") { Description = "Log every change." };

    public static Command Create()
    {
        var command = new Command("agent", "Run the agent of this host, beside its Open vSwitch.")
        {
            Dataplanes, Host, TunnelAddress, RunDirectory, Bridge, DatapathType, Mappings, Liveness, Verbose,
        };
        DatapathType.AcceptOnlyFromAmong("system", "netdev");
        Mappings.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && BridgeMappings.Parse(text) is null)
                result.AddError("--bridge-mappings: expected network:bridge, several separated by commas, each once.");
        });
        ServiceArguments.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        ServiceOptions services;
        try
        {
            services = await ServiceArguments.ReadAsync(parsed, parsed.GetValue(Bridge)!, cancellationToken);
        }
        catch (IOException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
        var options = ReadAgent(parsed, services.Offered);
        var log = new ConsoleAgentLog(TimeProvider.System, parsed.GetValue(Verbose));
        var device = new OpenVSwitch(ReadSwitch(parsed, services), TimeProvider.System, log);
        var environment = new AgentEnvironment(TimeProvider.System, new Random(), log);
        var dial = DataplaneEndpoint.Dial([.. parsed.GetValue(Dataplanes).Select(address => new Uri(address))]);
        var agent = new HostAgent(options, dial, device, environment);
        log.Write(AgentLogLevel.Information, $"agent of {options.Host}, tunnel address {options.TunnelAddress}");
        try
        {
            await RunAsync(agent, new ServiceHost(services, () => agent.Services, TimeProvider.System, log),
                cancellationToken);
            return 0;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return 0;
        }
    }

    /// <summary>When one of them ends, by a mistake of ours, the other has to end, too.</summary>
    private static async Task RunAsync(HostAgent agent, ServiceHost services, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] parts = [agent.RunAsync(ending.Token), services.RunAsync(ending.Token)];
        await Task.WhenAny(parts);
        await ending.CancelAsync();
        await Task.WhenAll(parts);
    }

    private static AgentOptions ReadAgent(ParseResult parsed, HostServices services) => new()
    {
        Host = parsed.GetValue(Host)!,
        TunnelAddress = parsed.GetValue(TunnelAddress)!,
        Liveness = TimeSpan.FromSeconds(parsed.GetValue(Liveness)),
        Configurations = ReadConfigurations(parsed, services),
        Services = services,
    };

    /// <summary>What the API's agents show of it.</summary>
    private static Dictionary<string, string> ReadConfigurations(ParseResult parsed, HostServices services)
    {
        var configurations = new Dictionary<string, string>
        {
            ["tunneling_ip"] = parsed.GetValue(TunnelAddress)!.ToString(),
            ["integration_bridge"] = parsed.GetValue(Bridge)!,
            ["datapath_type"] = parsed.GetValue(DatapathType)!,
        };
        if (parsed.GetValue(Mappings) is { } mappings)
            configurations[BridgeMappings.Name] = mappings;
        if (services != HostServices.None)
            configurations[HostServiceNames.Configuration] = HostServiceNames.Format(services);
        return configurations;
    }

    private static OpenVSwitchOptions ReadSwitch(ParseResult parsed, ServiceOptions services) => new()
    {
        Services = services.Offered,
        ServicePortName = services.Namespace.PortName,
        RunDirectory = parsed.GetValue(RunDirectory)!,
        TunnelAddress = parsed.GetValue(TunnelAddress)!,
        Bridge = parsed.GetValue(Bridge)!,
        DatapathType = parsed.GetValue(DatapathType)!,
        BridgeMappings = parsed.GetValue(Mappings) is { } mappings ? BridgeMappings.Parse(mappings)!.Value : [],
    };

    private static Option<ImmutableArray<string>> RequiredUrls()
    {
        var option = ServeOptions.Urls("--dataplane", "Where a dataplane listens; several are tried in turn.", "none");
        option.Required = true;
        return option;
    }

    private sealed class ConsoleAgentLog(TimeProvider time, bool isVerbose) : IAgentLog
    {
        public void Write(AgentLogLevel level, string message)
        {
            if (level > AgentLogLevel.Debug || isVerbose)
                Console.WriteLine($"{time.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {level}: {message}");
        }
    }
}
