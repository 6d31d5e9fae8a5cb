using Alcor.Lab;

namespace Alcor.System.Tests;

public sealed class SwitchInstanceTests : IAsyncLifetime
{
    private readonly LabTopologyOptions _names = LabTopologyOptions.ForTest("sys", hosts: 1);
    private NetworkNamespace? _namespace;

    [Fact]
    public async Task An_instance_has_its_own_database_and_bridges()
    {
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
        await using var instance = await StartAsync();
        var failure = await Assert.ThrowsAsync<CommandFailedException>(
            () => instance.RunAsync("ovs-vsctl", "--no-wait", "del-br", "br-none"));
        Assert.Contains("no bridge named br-none", failure.Message);
    }

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
        _namespace = await NetworkNamespace.CreateAsync($"{_names.Prefix}-switch");
    }

    public async ValueTask DisposeAsync()
    {
        if (_namespace is null)
            return;
        await _namespace.DeleteAsync();
        Directory.Delete(_names.Directory, recursive: true);
    }

    private Task<SwitchInstance> StartAsync() =>
        SwitchInstance.StartAsync(_names.Directory, _namespace!.Name, TestContext.Current.CancellationToken);
}
