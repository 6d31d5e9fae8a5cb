namespace Alcor.Server.Tests;

/// <summary>The command that users run, as a process, against a server.</summary>
public sealed class TraceCommandTests(RunningServer server) : IClassFixture<RunningServer>
{
    private string Url => server.Server.Addresses[0];

    [Fact]
    public async Task It_prints_the_way_of_a_packet_that_arrives()
    {
        var region = await TracedRegion.CreateAsync(server);
        var finished = await RunAsync(region.Near, TracedRegion.FarAddress,
            "--protocol", "tcp", "--destination-port", "80", "--reply", "--flows");
        Assert.Equal((0, ""), (finished.ExitCode, finished.Error));
        Assert.Contains($"\nDelivered to {region.Far} on far-", finished.Output);
        Assert.Contains("\nThe answer:\n", finished.Output);
        Assert.Contains("actions=load:0x1->NXM_NX_REG7[]", finished.Output);
        Assert.Contains($"\nNote: port {region.Near} is ", finished.Output);
    }

    [Fact]
    public async Task It_prints_why_a_packet_is_dropped_and_fails()
    {
        var region = await TracedRegion.CreateAsync(server);
        var finished = await RunAsync(region.Near, TracedRegion.FarAddress);
        Assert.Equal((1, ""), (finished.ExitCode, finished.Error));
        Assert.Matches(@"\nfar-\d+ +IngressVerdict +no rule of .* lets icmp echo request from ", finished.Output);
        Assert.Contains("\nDropped.\n", finished.Output);
    }

    [Fact]
    public async Task A_port_goes_by_its_name_if_no_other_has_it()
    {
        var network = await server.CreateNetworkAsync();
        foreach (var name in new[] { "one", "two", "two" })
            await server.CreatePortAsync(network, name);
        var found = await RunAsync("one", "10.0.0.1");
        Assert.Equal(1, found.ExitCode);
        Assert.Contains("is not bound to a host", found.Output);
        Assert.Equal("alcor: 2 ports have the name 'two': say its id\n", (await RunAsync("two", "10.0.0.1")).Error);
        Assert.Equal("alcor: no port has the name 'none'\n", (await RunAsync("none", "10.0.0.1")).Error);
    }

    [Theory]
    [InlineData("10.0.0.1 --protocol tcp", "Invalid input for destination_port.")]
    [InlineData("nowhere", "Invalid input for destination. Reason: 'nowhere' is not an IP address.")]
    public async Task What_the_server_refuses_is_said(string arguments, string message)
    {
        var port = (string)(await server.CreatePortAsync(await server.CreateNetworkAsync()))["id"]!;
        var finished = await RunAsync([port, .. arguments.Split(' ')]);
        Assert.Equal(2, finished.ExitCode);
        Assert.Contains(message, finished.Error);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_said()
    {
        var finished = await Programs.RunAsync(
            Programs.Alcor, "trace", "any", "10.0.0.1", "--server", "http://127.0.0.1:1");
        Assert.Equal(2, finished.ExitCode);
        Assert.StartsWith("alcor: ", finished.Error);
    }

    private Task<Finished> RunAsync(params string[] arguments) =>
        Programs.RunAsync(Programs.Alcor, ["trace", .. arguments, "--server", Url]);
}
