using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Alcor.Lab;

/// <param name="Prefix">Begins the name of everything the lab makes; 1 to 11 letters and digits.</param>
/// <param name="Directory">For the hosts' databases, sockets and logs; short, as sockets are made in it.</param>
/// <param name="Hosts">How many hosts, at most 1000.</param>
public sealed record LabTopologyOptions(string Prefix, string Directory, int Hosts)
{
    private static int _labs;

    /// <summary>Of the addresses between which the hosts have tunnels: 4 or 6.</summary>
    public int TunnelIpVersion { get; init; } = 4;

    /// <summary>
    /// For a lab that is found again by its name from another process: <see cref="LabTopology.RemoveStaleAsync"/> with
    /// that name removes it in whatever state it is.
    /// </summary>
    public static LabTopologyOptions Named(string prefix, int hosts) =>
        new(prefix, LabTopology.TemporaryDirectory(prefix), hosts);

    /// <summary>
    /// For a test: a prefix of <paramref name="word"/> (at most three letters), the id of this process and a letter,
    /// which <see cref="LabTopology.RemoveStaleAsync"/> recognises; and a directory of that name for temporary files.
    /// </summary>
    public static LabTopologyOptions ForTest(string word, int hosts)
    {
        var letter = (char)('a' + (Interlocked.Increment(ref _labs) % 26));
        var prefix = $"{word}{Environment.ProcessId}{letter}";
        return new LabTopologyOptions(prefix, LabTopology.TemporaryDirectory(prefix), hosts);
    }
}

/// <summary>
/// N hosts on one underlay. All of it is found again by the prefix of its names, so that what a crashed run left is
/// removable; <see cref="StateFile"/> holds what is not: the programs started outside the lab's namespaces.
/// </summary>
public sealed partial class LabTopology : IAsyncDisposable
{
    private const int PrefixLengthMax = 11; // an interface name has 15 characters, of which "-ctl" are four
    private const int HostsMax = 1000;      // the control network is a /22
    private const int SignalKill = 9;
    private readonly LabTopologyOptions _options;
    private readonly List<LabProcess> _processes = [];
    private readonly Underlay _underlay;

    private LabTopology(LabTopologyOptions options, Underlay underlay, IReadOnlyList<LabHost> hosts)
    {
        _options = options;
        _underlay = underlay;
        Hosts = hosts;
    }

    public IReadOnlyList<LabHost> Hosts { get; }

    public string Directory => _options.Directory;

    public string Prefix => _options.Prefix;

    /// <summary>
    /// An address of the root namespace that every host reaches on its control interface: where a server listens.
    /// </summary>
    public IPAddress ServerAddress => _underlay.ServerAddress;

    /// <summary>What <see cref="RemoveAsync(string)"/> needs to remove this lab from another process.</summary>
    public string StateFile => StateFileOf(_options);

    /// <summary>Where the lab of these options has, or would have, its state file.</summary>
    public static string StateFileOf(LabTopologyOptions options) => Path.Combine(options.Directory, "lab.json");

    /// <summary>Builds the hosts at once and waits until every switch answers.</summary>
    public static async Task<LabTopology> StartAsync(LabTopologyOptions options, CancellationToken cancellationToken)
    {
        if (options.Prefix.Length is < 1 or > PrefixLengthMax || !options.Prefix.All(char.IsAsciiLetterOrDigit))
            throw new ArgumentException($"a prefix is 1 to {PrefixLengthMax} letters and digits: {options.Prefix}");
        if (options.Hosts is < 1 or > HostsMax)
            throw new ArgumentException($"a lab has 1 to {HostsMax} hosts: {options.Hosts}");
        try
        {
            System.IO.Directory.CreateDirectory(options.Directory);
            var underlay = await Underlay.CreateAsync(options.Prefix, options.TunnelIpVersion);
            var hosts = new LabHost[options.Hosts];
            await Parallel.ForAsync(0, hosts.Length, cancellationToken, async (i, token) =>
            {
                var directory = Path.Combine(options.Directory, $"h{i + 1}");
                hosts[i] = await LabHost.StartAsync(underlay, i + 1, directory, token);
            });
            var topology = new LabTopology(options, underlay, hosts);
            topology.Save();
            return topology;
        }
        catch
        {
            await RemoveAsync(new LabState(options.Prefix, options.Directory, []));
            throw;
        }
    }

    /// <summary>Every machine of every host.</summary>
    public IEnumerable<VirtualMachine> Machines => Hosts.SelectMany(host => host.Machines);

    /// <summary>Starts a program in the root namespace, such as a server, that ends with the lab.</summary>
    public Daemon Start(string name, CommandLine command)
    {
        var daemon = Daemon.Start(command, Path.Combine(Directory, $"{name}.log"));
        lock (_processes)
            _processes.Add(LabProcess.Of(daemon.ProcessId));
        Save();
        return daemon;
    }

    /// <summary>Ends every program of the lab and removes its namespaces, interfaces and files.</summary>
    public async ValueTask DisposeAsync() => await RemoveAsync(new LabState(_options.Prefix, Directory, _processes));

    /// <summary>Removes a lab that another process started and left, by its state file.</summary>
    public static async Task RemoveAsync(string stateFile)
    {
        var state = JsonSerializer.Deserialize<LabState>(await File.ReadAllTextAsync(stateFile))!;
        await RemoveAsync(state);
    }

    /// <summary>
    /// Removes what earlier runs left behind: the lab whose prefix is <paramref name="word"/>, and those of
    /// <see cref="LabTopologyOptions.ForTest"/> with this word whose process has ended.
    /// </summary>
    public static async Task RemoveStaleAsync(string word)
    {
        var prefixes = NetworkNamespace.List(word).Select(n => n.Name.Split('-')[0]).Distinct();
        foreach (var prefix in prefixes.Where(prefix => IsStale(prefix, word)))
            await RemoveAsync(new LabState(prefix, TemporaryDirectory(prefix), []));
    }

    internal static string TemporaryDirectory(string prefix) => Path.Combine(Path.GetTempPath(), $"lab-{prefix}");

    private static bool IsStale(string prefix, string word) =>
        prefix == word || (Owner().Match(prefix[word.Length..]) is { Success: true } owner
            && !System.IO.Directory.Exists($"/proc/{owner.Groups["pid"].Value}"));

    private static async Task RemoveAsync(LabState state)
    {
        foreach (var process in state.Processes.Where(p => LabProcess.Of(p.Id) == p))
            Daemon.Signal(process.Id, SignalKill);
        // The kernel removes the interfaces of a deleted namespace in its own time; this one is in the root namespace.
        var root = Underlay.RootInterface(state.Prefix);
        if (System.IO.Directory.Exists($"/sys/class/net/{root}"))
            await CommandLine.RunAsync("ip", "link", "del", root);
        await NetworkNamespace.DeleteAsync(NetworkNamespace.List(state.Prefix + "-"));
        if (System.IO.Directory.Exists(state.Directory))
            System.IO.Directory.Delete(state.Directory, recursive: true);
    }

    private void Save()
    {
        lock (_processes)
        {
            var state = new LabState(_options.Prefix, Directory, _processes);
            File.WriteAllText(StateFile, JsonSerializer.Serialize(state));
        }
    }

    [GeneratedRegex(@"^(?<pid>\d+)[a-z]$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Owner();

    private sealed record LabState(string Prefix, string Directory, IReadOnlyList<LabProcess> Processes);

    /// <summary>A process id is used again one day; with the time of its start it names one process for ever.</summary>
    private sealed record LabProcess(int Id, long Started)
    {
        public static LabProcess Of(int id)
        {
            var file = $"/proc/{id}/stat";
            if (!File.Exists(file))
                return new LabProcess(id, 0);
            // proc(5): the name in parentheses may hold anything; the start is the 20th field after it.
            var text = File.ReadAllText(file);
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new LabProcess(id, long.Parse(fields[19], CultureInfo.InvariantCulture));
        }
    }
}
