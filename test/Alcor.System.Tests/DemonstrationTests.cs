using System.Net;
using System.Net.Sockets;
using Alcor.Lab;

namespace Alcor.System.Tests;

/// <summary>The demonstration as its user runs it.</summary>
public sealed class DemonstrationTests
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "alcor-demo");

    [Fact]
    public async Task It_runs_leaves_all_of_it_running_runs_again_and_removes_all_of_it()
    {
        Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
        var (prefix, directory, _) = LabTopologyOptions.Named($"dmo{Environment.ProcessId}", hosts: 2);
        var api = $"http://127.0.0.1:{FreePort()}";
        try
        {
            var first = await RunAsync("up", "--name", prefix, "--listen", api);
            Assert.True(first.ExitCode == 0, first.Output + first.Error);
            Assert.Contains("Every ping was answered", first.Output);
            using (var client = new NetworkingClient(new Uri(api)))
            {
                var ports = await client.ListAsync("ports", TestContext.Current.CancellationToken);
                Assert.Equal(["ACTIVE", "ACTIVE", "ACTIVE"], ports.Select(port => (string)port["status"]!));
            }

            var second = await RunAsync("up", "--name", prefix, "--listen", api);
            Assert.True(second.ExitCode == 0, second.Output + second.Error);
            Assert.Contains("an earlier demonstration was there and is removed", second.Output);
        }
        finally
        {
            Assert.Equal(0, (await RunAsync("down", "--name", prefix)).ExitCode);
        }

        Assert.Empty(NetworkNamespace.List(prefix));
        Assert.False(Directory.Exists(directory));
        using var gone = new NetworkingClient(new Uri(api));
        Assert.False(await gone.AnswersAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task It_says_so_when_the_port_of_the_API_is_taken()
    {
        Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = $"127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}";
        var result = await RunAsync("up", "--name", $"dmt{Environment.ProcessId}", "--listen", $"http://{taken}");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"{taken} is taken by another program", result.Error);
        Assert.Empty(NetworkNamespace.List($"dmt{Environment.ProcessId}"));
    }

    [Fact]
    public async Task It_runs_on_the_in_memory_data_plane_without_anything()
    {
        var result = await RunAsync("memory");
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Contains("Every ping was answered", result.Output);
    }

    private static Task<CommandResult> RunAsync(params string[] arguments) =>
        new CommandLine(Program, arguments) { TimeLimit = TimeSpan.FromMinutes(2) }
            .ResultAsync(TestContext.Current.CancellationToken);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
