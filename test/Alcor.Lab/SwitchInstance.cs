using System.Net.Sockets;

namespace Alcor.Lab;

/// <summary>
/// One ovsdb-server and one ovs-vswitchd (userspace datapath) with a directory of their own for database, sockets, logs
/// and process ids. No file outside the directory is touched, so that many instances, and the system's own, live side
/// by side. It starts without a bridge. Every bridge of the userspace datapath is also a device of the network
/// namespace: two instances in one namespace must not use the same names, so give each a namespace of its own.
/// </summary>
public sealed class SwitchInstance : IAsyncDisposable
{
    internal const string Schema = "/usr/share/openvswitch/vswitch.ovsschema";

    // A socket's path has room for 107 bytes (unix(7)); the longest name here is "/ovs-vswitchd.4194304.ctl".
    private const int DirectoryLengthMax = 80;
    private readonly Dictionary<string, string> _environment;
    private Daemon? _database;
    private Daemon? _switch;
    private int _starts;

    private SwitchInstance(string directory, string? networkNamespace)
    {
        Directory = directory;
        NetworkNamespace = networkNamespace;
        _environment = new(StringComparer.Ordinal)
        {
            ["OVS_RUNDIR"] = directory,
            ["OVS_DBDIR"] = directory,
            ["OVS_LOGDIR"] = directory,
            ["OVS_SYSCONFDIR"] = directory,
        };
    }

    public string Directory { get; }

    public string? NetworkNamespace { get; }

    /// <summary>The unix socket on which ovsdb-server speaks RFC 7047.</summary>
    public string DatabaseSocket => Path.Combine(Directory, "db.sock");

    /// <summary>The process id of the running ovs-vswitchd.</summary>
    /// <exception cref="InvalidOperationException">It is stopped.</exception>
    public int SwitchProcessId => Running(_switch).ProcessId;

    /// <summary>The process id of the running ovsdb-server.</summary>
    /// <exception cref="InvalidOperationException">It is stopped.</exception>
    public int DatabaseProcessId => Running(_database).ProcessId;

    /// <summary>
    /// Creates the directory and an empty database in it, starts both daemons and waits until they answer.
    /// </summary>
    /// <param name="directory">Absolute, at most 80 characters long, since sockets are made in it.</param>
    public static async Task<SwitchInstance> StartAsync(
        string directory, string? networkNamespace, CancellationToken cancellationToken)
    {
        if (!Path.IsPathFullyQualified(directory) || directory.Length > DirectoryLengthMax)
            throw new ArgumentException($"not absolute or over {DirectoryLengthMax} characters: {directory}");
        System.IO.Directory.CreateDirectory(directory);
        var instance = new SwitchInstance(directory, networkNamespace);
        try
        {
            await CommandLine.RunAsync("ovsdb-tool", "create", instance.DatabaseFile, Schema);
            await instance.StartDatabaseAsync(cancellationToken);
            await instance.RunAsync("ovs-vsctl", "--no-wait", "init");
            await instance.StartSwitchAsync(cancellationToken);
            return instance;
        }
        catch
        {
            await instance.DisposeAsync();
            throw;
        }
    }

    /// <summary>The unix socket on which a bridge speaks OpenFlow; it is there while the bridge is.</summary>
    public string ManagementSocket(string bridge) => Path.Combine(Directory, $"{bridge}.mgmt");

    /// <summary>Runs ovs-vsctl, ovs-ofctl, ovs-appctl or another tool against this instance.</summary>
    /// <returns>The tool's standard output.</returns>
    /// <exception cref="CommandFailedException">The tool failed; the message holds its standard error.</exception>
    public Task<string> RunAsync(string tool, params string[] arguments) =>
        Command(tool, arguments).OutputAsync(CancellationToken.None);

    /// <summary>A command against this instance, for those who want to give it input or a time limit.</summary>
    public CommandLine Command(string tool, params IReadOnlyList<string> arguments) =>
        new(tool, arguments) { NetworkNamespace = NetworkNamespace, Environment = _environment };

    /// <summary>Starts ovs-vswitchd and waits until it has applied what the database says.</summary>
    public async Task StartSwitchAsync(CancellationToken cancellationToken)
    {
        _switch = Start("ovs-vswitchd", $"unix:{DatabaseSocket}");
        var control = Path.Combine(Directory, $"ovs-vswitchd.{_switch.ProcessId}.ctl");
        await _switch.WaitUntilAsync(() => Accepts(control), cancellationToken);
        // Without --no-wait, ovs-vsctl returns when ovs-vswitchd has applied the change it made.
        if (_database is { IsRunning: true })
            await RunAsync("ovs-vsctl", "--timeout=30", "set", "Open_vSwitch", ".", $"external_ids:starts={++_starts}");
    }

    /// <summary>Ends ovs-vswitchd in good order; its flows are lost, its database is kept.</summary>
    public Task StopSwitchAsync() => Running(_switch).StopAsync();

    /// <summary>Ends ovs-vswitchd as a crash would.</summary>
    public Task KillSwitchAsync() => Running(_switch).KillAsync();

    /// <summary>Starts ovsdb-server and waits until its socket accepts connections.</summary>
    public async Task StartDatabaseAsync(CancellationToken cancellationToken)
    {
        _database = Start("ovsdb-server", $"--remote=punix:{DatabaseSocket}", DatabaseFile);
        await _database.WaitUntilAsync(() => Accepts(DatabaseSocket), cancellationToken);
    }

    /// <summary>Ends ovsdb-server in good order.</summary>
    public Task StopDatabaseAsync() => Running(_database).StopAsync();

    /// <summary>Ends ovsdb-server as a crash would.</summary>
    public Task KillDatabaseAsync() => Running(_database).KillAsync();

    /// <summary>Ends both daemons. The directory with its logs stays.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_switch is not null)
            await _switch.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
        _switch = null;
        _database = null;
    }

    private string DatabaseFile => Path.Combine(Directory, "conf.db");

    private Daemon Start(string program, params string[] arguments)
    {
        var log = Path.Combine(Directory, $"{program}.log");
        // The process id file is how ovs-appctl finds its target.
        string[] common = ["--pidfile", $"--log-file={log}", "-vconsole:off", "-vsyslog:off"];
        return Daemon.Start(Command(program, [.. arguments, .. common]), log);
    }

    private static Daemon Running(Daemon? daemon) =>
        daemon is { IsRunning: true } ? daemon : throw new InvalidOperationException("the daemon is not running");

    private static bool Accepts(string path)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
