using System.Diagnostics;

namespace Alcor.Server.Tests;

public sealed class ServeCommandTests
{
    [Theory]
    [InlineData("--listen nonsense", "--listen: 'nonsense' is not of the form http://address:port.")]
    [InlineData("--listen https://127.0.0.1:1", "--listen: 'https://127.0.0.1:1' is not of the form")]
    [InlineData("--southbound http://x:1/path", "--southbound: 'http://x:1/path' is not")]
    [InlineData("--vxlan-range 5:1", "--vxlan-range: '5:1' is not a range")]
    [InlineData("--vxlan-range 1:5 --vxlan-range 1:16777215", "--vxlan-range: '1:16777215' is not a range")]
    [InlineData("--mac-prefix 01", "--mac-prefix: '01' is a prefix of group addresses")]
    [InlineData("--reserved-mac-prefix fa:16:3e:00:00:00", "--reserved-mac-prefix: ")]
    [InlineData("--underlay-mtu 100", "--underlay-mtu: '100' is not a number from 576 to 65535.")]
    [InlineData("--roles api,cook", "--roles: 'cook' is not a role: expected api, dataplane.")]
    [InlineData("--in-memory --database x", "--database and --in-memory exclude each other.")]
    [InlineData("--auth basic", "--auth: 'basic' is not known: expected none or keystone.")]
    [InlineData("--auth keystone --keystone-url http://x", "--auth keystone needs --keystone-user.")]
    [InlineData("--auth keystone --keystone-user x", "--auth keystone needs --keystone-url.")]
    [InlineData("--auth keystone", "--auth keystone needs --keystone-password-file or the variable ALCOR_KEYSTONE_P")]
    [InlineData("--keystone-url http://x", "--keystone-url is for --auth keystone only.")]
    [InlineData("--auth none --token-cache-seconds 5", "--token-cache-seconds is for --auth keystone only.")]
    [InlineData("--service-token-roles-required", "--service-token-roles-required is for --auth keystone only.")]
    [InlineData("--nope", "'--nope'")]
    public async Task A_wrong_option_is_named_and_the_exit_code_is_2(string arguments, string message)
    {
        var finished = await Programs.RunAsync(Programs.Alcor, ["serve", .. arguments.Split(' ')]);
        Assert.Equal(2, finished.ExitCode);
        Assert.Contains(message, finished.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--keystone-url ftp://x", "--keystone-url: 'ftp://x' is not of the form http://address:port/path.")]
    [InlineData("--www-authenticate-uri http://x/\"", "--www-authenticate-uri: 'http://x/\"' is not of the form")]
    [InlineData("--keystone-password-file none", "--keystone-password-file: 'none' cannot be read.")]
    [InlineData("--keystone-password-file /dev/null", "--keystone-password-file: the first line of '/dev/null' is")]
    [InlineData("--token-cache-entries 0", "--token-cache-entries: '0' is not a number from 1 to 1000000.")]
    public async Task A_wrong_option_of_Keystone_is_named(string wrong, string message)
    {
        string[] right =
        [
            "--auth", "keystone", "--keystone-user", "alcor", "--keystone-url", "http://x",
            "--keystone-password-file", "/proc/version",
        ];
        var words = wrong.Split(' ');
        // Each may be given once, so the wrong one replaces the right one.
        var others = right.Chunk(2).Where(pair => pair[0] != words[0]).SelectMany(pair => pair);
        var finished = await Programs.RunAsync(Programs.Alcor, ["serve", .. others, .. words]);
        Assert.Equal(2, finished.ExitCode);
        Assert.Contains(message, finished.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_terminated_server_drains_and_ends_well()
    {
        using var process = Programs.Start(
            Programs.Alcor,
            [
                "serve", "--listen", "http://127.0.0.1:0", "--roles", "api", "--in-memory", "--vxlan-range", "7:7",
                "--mac-prefix", "02:00:5e", "--underlay-mtu", "9000", "--underlay-ip-version", "6",
            ]);
        try
        {
            var cancelled = TestContext.Current.CancellationToken;
            var line = await process.StandardOutput.ReadLineAsync(cancelled) ?? "";
            Assert.StartsWith("Networking API: http://127.0.0.1:", line, StringComparison.Ordinal);
            using var http = new HttpClient { BaseAddress = new Uri(line["Networking API: ".Length..]) };
            using var content = new StringContent("""{"network": {}}""");
            using var created = await http.PostAsync("/v2.0/networks", content, cancelled);
            var network = await created.Content.ReadAsStringAsync(cancelled);
            Assert.Contains("\"provider:segmentation_id\":7,", network, StringComparison.Ordinal);
            Assert.Contains("\"mtu\":8930,", network, StringComparison.Ordinal);
            Programs.Terminate(process);
            var finished = await Programs.FinishAsync(process);
            Assert.Equal(0, finished.ExitCode);
            Assert.Contains("Stopping", finished.Output, StringComparison.Ordinal);
        }
        finally
        {
            Stop(process);
        }
    }

    [Fact]
    public async Task An_address_in_use_ends_the_command_with_a_message()
    {
        await using var server = await AlcorServer.StartAsync(
            RunningServer.Options, TestContext.Current.CancellationToken);
        var finished = await Programs.RunAsync(
            Programs.Alcor, "serve", "--listen", server.Addresses[0], "--roles", "api", "--in-memory");
        Assert.Equal(1, finished.ExitCode);
        Assert.StartsWith("alcor: ", finished.Error, StringComparison.Ordinal);
        Assert.Contains(server.Addresses[0], finished.Error, StringComparison.Ordinal);
    }

    private static void Stop(Process process)
    {
        if (!process.HasExited)
            process.Kill();
    }
}
