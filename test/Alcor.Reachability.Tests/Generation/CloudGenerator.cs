namespace Alcor.Reachability.Tests;

/// <summary>
/// A small cloud of every kind, then changes of it with packets in between, all from one seed. Networks share
/// addresses, hosts share networks, rules share ports: what must be kept apart has every chance to get mixed up.
/// </summary>
internal sealed partial class CloudGenerator
{
    private const int Changes = 7;

    /// <summary>How many topologies with their rules a script goes through.</summary>
    public const int StatesPerScript = Changes + 1;
    private const int SendsUsual = 24;
    private readonly Random _random;
    private readonly List<Step> _steps = [];
    private readonly List<Machine> _machines = [];
    private readonly List<string> _hosts = [];
    private readonly List<int> _networks = [];
    private int _names;

    private CloudGenerator(int seed)
    {
        _random = new Random(seed);
    }

    /// <param name="sends">Packets after each change, answers not counted.</param>
    public static IReadOnlyList<Step> Script(int seed, int sends = SendsUsual)
    {
        var generator = new CloudGenerator(seed);
        generator.Build();
        generator.SendSome(sends, oldPercent: 20);
        for (var change = 0; change < Changes; change++)
        {
            generator.Change();
            generator.SendSome(sends, oldPercent: 60);
        }
        return generator._steps;
    }

    private string NewName(string kind) => $"{kind}{++_names}";

    private void Add(Step step) => _steps.Add(step);

    private void Build()
    {
        _isAboutAcls = _random.Chance(25);
        for (var i = _random.Next(2, 4); i > 0; i--)
        {
            _hosts.Add(NewName("host"));
            var hasOutside = _random.Chance(80);
            if (hasOutside)
                _hostsOutside.Add(_hosts[^1]);
            Add(new AddHost(_hosts[^1], $"172.31.0.{_hosts.Count}") { HasOutside = hasOutside });
        }
        var networks = Pools.Networks.ToArray();
        _random.Shuffle(networks);
        foreach (var network in networks.Take(_random.Pick([1, 2, 2, 3, 3])))
            AddNetwork(network);
        BuildGroups();
        for (var i = _random.Next(3, 9); i > 0; i--)
            AddPort();
        BuildTrunks();
        BuildSecondSubnets();
        BuildRouters();
        BuildAcls();
        BuildOutside();
    }

    private void AddNetwork(int network)
    {
        _networks.Add(network);
        var isUp = _random.Chance(96) ? "true" : "false";
        Add(new Create("network", $"net{network}",
            $$"""
            {"name": "net{{network}}", "project_id": "project{{network}}", "admin_state_up": {{isUp}},
             "provider:network_type": "{{Pools.TypeOf(network)}}", "provider:segmentation_id": {{Pools.VniOf(network)}}}
            """));
        Add(new Create("subnet", $"subnet{network}", $$"""
            {"network_id": "$net{{network}}", "ip_version": 4, "cidr": "{{Pools.Ipv4Cidr(network)}}"}
            """));
        Add(new Create("subnet", $"subnet6{network}", $$"""
            {"network_id": "$net{{network}}", "ip_version": 6, "cidr": "{{Pools.Ipv6Cidr(network)}}"}
            """));
    }

    private void AddPort()
    {
        var number = _machines.Count + 1;
        var network = _random.Pick(_networks);
        // The same addresses in each network that can have them: they are other machines'.
        var host = 10 + _machines.Count(one => one.Network == network);
        var addresses = new[] { Pools.Ipv4Of(network, host), Pools.Ipv6Of(network, host) };
        var machine = new Machine($"port{number}", network, Pools.MacOf(number), addresses);
        var security = Security(ref machine);
        var binding = _random.Chance(94) ? $", \"binding:host_id\": \"{_random.Pick(_hosts)}\"" : "";
        var isUp = _random.Chance(94) ? "true" : "false";
        Add(new Create("port", machine.Name, $$"""
            {"name": "{{machine.Name}}", "network_id": "$net{{network}}", "project_id": "project{{network}}",
             "fixed_ips": [{"subnet_id": "$subnet{{network}}", "ip_address": "{{addresses[0]}}"},
                           {"subnet_id": "$subnet6{{network}}", "ip_address": "{{addresses[1]}}"}],
             "mac_address": "{{machine.Mac}}", "admin_state_up": {{isUp}},
             "device_owner": "compute:nova"{{binding}}{{security}}}
            """));
        _machines.Add(machine);
    }
}
