using System.Globalization;
using Alcor.Lab;

namespace Alcor.Testing.Keystone;

/// <summary>What differs between the Keystones of tests.</summary>
/// <param name="Provider">The format of its tokens: <c>fernet</c> or <c>jws</c>.</param>
/// <param name="TokenLife">How long its tokens are valid.</param>
internal sealed record KeystoneFlavour(string Provider, TimeSpan TokenLife);

/// <summary>
/// A real Keystone, of Debian's package python3-keystone, with a database, keys and a folder of its own, on a free port
/// of the loopback address. A project that uses it compiles this folder and references Alcor.Lab.
/// </summary>
internal sealed class KeystoneServer : IAsyncDisposable
{
    public const string AdminPassword = "the administrator's";

    private const string Python = "/usr/bin/python3";
    private const string Manage = "/usr/bin/keystone-manage";

    private readonly string home;
    private readonly bool ownsHome;
    private readonly Daemon process;

    private KeystoneServer(string home, bool ownsHome, Daemon process, Uri url)
    {
        this.home = home;
        this.ownsHome = ownsHome;
        this.process = process;
        Url = url;
    }

    /// <summary>The Identity API: <c>http://127.0.0.1:port/v3</c>.</summary>
    public Uri Url { get; }

    /// <summary>Null where Keystone can run; else one sentence saying why not.</summary>
    public static string? WhyNot() =>
        new[] { Python, Manage }.Where(program => !File.Exists(program)).ToList() is { Count: > 0 } missing
            ? $"not installed: {string.Join(", ", missing)} (Debian's python3-keystone)"
            : null;

    /// <summary>A new one, with nothing in it but what <c>keystone-manage bootstrap</c> makes.</summary>
    public static async Task<KeystoneServer> StartAsync(KeystoneFlavour flavour)
    {
        var folder = Directory.CreateTempSubdirectory("alcor-keystone-").FullName;
        var configuration = Write(folder, "manage", flavour);
        await Task.WhenAll(MakeDatabaseAsync(folder, configuration), MakeKeysAsync(folder, configuration));
        var server = await LaunchAsync(folder, ownsHome: true, flavour);
        try
        {
            await RunAsync(
                folder,
                configuration,
                "bootstrap",
                "--bootstrap-password", AdminPassword,
                "--bootstrap-region-id", "RegionOne",
                "--bootstrap-public-url", server.Url.AbsoluteUri);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Another one with the same database and the same keys, but tokens of its own kind.</summary>
    public Task<KeystoneServer> StartSecondAsync(KeystoneFlavour flavour) =>
        LaunchAsync(home, ownsHome: false, flavour);

    public Task StopAsync() => process.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        if (ownsHome)
            Directory.Delete(home, recursive: true);
    }

    private static async Task<KeystoneServer> LaunchAsync(string folder, bool ownsHome, KeystoneFlavour flavour)
    {
        var name = $"{flavour.Provider}-{flavour.TokenLife.TotalSeconds:0}";
        var log = Path.Combine(folder, $"{name}.log");
        var command = new CommandLine(Python, Path.Combine(SourceTree.Root, "test/Shared/Keystone/serve.py"))
        {
            Environment = new Dictionary<string, string>
            {
                ["OS_KEYSTONE_CONFIG_FILES"] = Write(folder, name, flavour),
            },
        };
        var daemon = Daemon.Start(command, log);
        try
        {
            await daemon.WaitUntilAsync(
                () => File.Exists(log) && File.ReadLines(log).Contains("ready"),
                TestContext.Current.CancellationToken);
            var port = int.Parse(File.ReadLines(log).First(IsNumber), CultureInfo.InvariantCulture);
            return new KeystoneServer(folder, ownsHome, daemon, new Uri($"http://127.0.0.1:{port}/v3"));
        }
        catch
        {
            await daemon.DisposeAsync();
            throw;
        }
    }

    private static bool IsNumber(string line) => line.Length > 0 && line.All(char.IsAsciiDigit);

    /// <summary>With a write-ahead log: Keystone leaves readers behind, which else lock out its own writers.</summary>
    private static async Task MakeDatabaseAsync(string folder, string configuration)
    {
        const string switchMode =
            "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('pragma journal_mode=wal')";
        await RunAsync(folder, configuration, "db_sync");
        await new CommandLine(Python, "-c", switchMode, Path.Combine(folder, "keystone.db"))
            .OutputAsync(TestContext.Current.CancellationToken);
    }

    private static async Task MakeKeysAsync(string folder, string configuration)
    {
        var (fernet, jws) = (Path.Combine(folder, "fernet"), Path.Combine(folder, "jws"));
        Directory.CreateDirectory(fernet);
        Directory.CreateDirectory(jws);
        string[] owner = ["--keystone-user", Environment.UserName, "--keystone-group", Environment.UserName];
        await Task.WhenAll(
            RunAsync(fernet, configuration, ["fernet_setup", .. owner]),
            RunAsync(jws, configuration, ["create_jws_keypair", .. owner]));
    }

    /// <summary>Some of its commands write to the current folder, so each runs in one of the tests' own.</summary>
    private static async Task RunAsync(string folder, string configuration, params string[] arguments)
    {
        const string inFolder = "cd \"$1\" && shift && exec \"$@\"";
        string[] words = ["-c", inFolder, "sh", folder, Manage, "--config-file", configuration, .. arguments];
        await new CommandLine("sh", words).OutputAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Passwords are hashed at the least cost, and nothing is cached: what is revoked is so at once.</summary>
    private static string Write(string folder, string name, KeystoneFlavour flavour)
    {
        var path = Path.Combine(folder, $"{name}.conf");
        File.WriteAllText(path, $"""
            [DEFAULT]
            log_file = {folder}/{name}-keystone.log
            [database]
            connection = sqlite:///{folder}/keystone.db
            [token]
            provider = {flavour.Provider}
            expiration = {flavour.TokenLife.TotalSeconds:0}
            [fernet_tokens]
            key_repository = {folder}/fernet
            [fernet_receipts]
            key_repository = {folder}/fernet
            [credential]
            key_repository = {folder}/fernet
            [jwt_tokens]
            jws_public_key_repository = {folder}/jws
            jws_private_key_repository = {folder}/jws
            [identity]
            password_hash_rounds = 4
            [cache]
            enabled = false

            """);
        return path;
    }
}
