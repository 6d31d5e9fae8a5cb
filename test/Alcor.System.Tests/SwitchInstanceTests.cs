using Alcor.Lab;

namespace Alcor.System.Tests;

public sealed class SwitchInstanceTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("alcor").FullName;

    [Fact]
    public async Task An_instance_has_its_own_database_and_bridges()
    {
        Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
        await using var instance = await StartAsync();
        await instance.RunAsync("ovs-vsctl", "add-br", "br-int", "--", "set", "bridge", "br-int",
            "datapath_type=netdev");
        Assert.Equal("br-int", (await instance.RunAsync("ovs-vsctl", "list-br")).Trim());
        Assert.True(File.Exists(instance.ManagementSocket("br-int")));
        Assert.Contains("priority=0 actions=NORMAL", await instance.RunAsync("ovs-ofctl", "dump-flows", "br-int"));
        Assert.Contains("br-int", await instance.RunAsync("ovs-appctl", "dpif/show"));
    }

    [Fact]
    public async Task The_switch_alone_is_stopped_killed_and_started_again()
    {
        Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
        await using var instance = await StartAsync();
        await instance.RunAsync("ovs-vsctl", "add-br", "br-int", "--", "set", "bridge", "br-int",
            "datapath_type=netdev");
        var first = instance.SwitchProcessId;
        await instance.StopSwitchAsync();
        await instance.StartSwitchAsync(TestContext.Current.CancellationToken);
        var second = instance.SwitchProcessId;
        await instance.KillSwitchAsync();
        Assert.Throws<InvalidOperationException>(() => instance.SwitchProcessId);
        await instance.StartSwitchAsync(TestContext.Current.CancellationToken);
        Assert.Equal(3, new[] { first, second, instance.SwitchProcessId }.Distinct().Count());
        Assert.Contains("br-int", await instance.RunAsync("ovs-appctl", "dpif/show"));
    }

    [Fact]
    public async Task The_database_alone_is_killed_and_started_again_with_what_it_held()
    {
        Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
        await using var instance = await StartAsync();
        await instance.RunAsync("ovs-vsctl", "set", "Open_vSwitch", ".", "external_ids:mark=kept");
        await instance.KillDatabaseAsync();
        await instance.StartDatabaseAsync(TestContext.Current.CancellationToken);
        var mark = await instance.RunAsync("ovs-vsctl", "--no-wait", "get", "Open_vSwitch", ".", "external_ids:mark");
        Assert.Equal("kept", mark.Trim());
    }

    [Fact]
    public async Task A_failing_tool_says_why()
    {
        Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
        await using var instance = await StartAsync();
        var failure = await Assert.ThrowsAsync<CommandFailedException>(
            () => instance.RunAsync("ovs-vsctl", "--no-wait", "del-br", "br-none"));
        Assert.Contains("no bridge named br-none", failure.Message);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private Task<SwitchInstance> StartAsync() =>
        SwitchInstance.StartAsync(_directory, networkNamespace: null, TestContext.Current.CancellationToken);
}
