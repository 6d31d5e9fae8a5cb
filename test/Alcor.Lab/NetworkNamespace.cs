namespace Alcor.Lab;

/// <summary>A named network namespace (ip-netns(8)) that this project made.</summary>
public sealed record NetworkNamespace(string Name)
{
    private const string Folder = "/run/netns";
    private const int SignalKill = 9;

    /// <summary>Creates a namespace in which only the loopback is up.</summary>
    public static async Task<NetworkNamespace> CreateAsync(string name)
    {
        await CommandLine.RunAsync("ip", "netns", "add", name);
        await CommandLine.RunAsync("ip", "-n", name, "link", "set", "lo", "up");
        return new NetworkNamespace(name);
    }

    /// <summary>A command that will run in this namespace.</summary>
    public CommandLine Command(string program, params IReadOnlyList<string> arguments) =>
        new(program, arguments) { NetworkNamespace = Name };

    /// <summary>Runs a program in this namespace to its end and returns its standard output.</summary>
    /// <exception cref="CommandFailedException">It failed; the message holds its standard error.</exception>
    public Task<string> RunAsync(string program, params string[] arguments) =>
        Command(program, arguments).OutputAsync(CancellationToken.None);

    /// <summary>Starts a program in this namespace that runs until it is ended.</summary>
    public Daemon Start(string logFile, string program, params string[] arguments) =>
        Daemon.Start(Command(program, arguments), logFile);

    /// <summary>
    /// A command that will run in this namespace and sees the mounts of everybody, unlike with ip-netns(8): the
    /// namespaces that it makes outlive it.
    /// </summary>
    public CommandLine Entering(string program, params IReadOnlyList<string> arguments) =>
        new("nsenter", [$"--net={Path.Combine(Folder, Name)}", program, .. arguments]);

    /// <summary>Runs lines of ip(8), without the word "ip", in this namespace by one process.</summary>
    public Task IpAsync(params string[] lines) => IpAsync(["-n", Name], lines);

    /// <summary>Kills every process in this namespace and deletes it with its interfaces.</summary>
    public Task DeleteAsync() => DeleteAsync([this]);

    /// <summary>The namespaces of this machine whose names start with <paramref name="prefix"/>.</summary>
    public static IReadOnlyList<NetworkNamespace> List(string prefix) =>
        Directory.Exists(Folder)
            ? [.. Directory.GetFiles(Folder, prefix + "*").Select(Path.GetFileName).Order()
                .Select(n => new NetworkNamespace(n!))]
            : [];

    /// <summary>Kills every process in these namespaces, whoever started it, and deletes them.</summary>
    public static async Task DeleteAsync(IReadOnlyList<NetworkNamespace> namespaces)
    {
        if (namespaces.Count == 0)
            return;
        var files = namespaces.Select(n => Path.Combine(Folder, n.Name)).ToList();
        var inodes = await new CommandLine("stat", ["-L", "-c", "net:[%i]", .. files]).OutputAsync(default);
        var links = inodes.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        // A namespace lives as long as a process in it: a second round sees whether all have gone.
        for (var pids = Processes(links); pids.Count > 0; pids = Processes(links))
        {
            foreach (var pid in pids)
                Daemon.Signal(pid, SignalKill);
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }

        await IpAsync([], [.. namespaces.Select(n => $"netns del {n.Name}")]);
    }

    /// <summary>The ids of the processes that run in this namespace.</summary>
    public async Task<IReadOnlyList<int>> ProcessesAsync()
    {
        var link = await CommandLine.RunAsync("stat", "-L", "-c", "net:[%i]", Path.Combine(Folder, Name));
        return Processes([link.Trim()]);
    }

    /// <summary>Runs lines of ip(8), without the word "ip", by one process.</summary>
    public static Task IpAsync(string[] options, string[] lines) =>
        new CommandLine("ip", [.. options, "-batch", "-"]) { Input = string.Join('\n', lines) + "\n" }
            .OutputAsync(CancellationToken.None);

    // A dead process that its parent has not collected yet has no namespace any more, and so does not count.
    private static List<int> Processes(HashSet<string> links) =>
        [.. Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _))
            .Where(name => Link($"/proc/{name}/ns/net") is { } link && links.Contains(link)).Select(int.Parse!)];

    private static string? Link(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
