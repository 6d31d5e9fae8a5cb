using System.Collections.Immutable;
using Alcor.Lab;
using Alcor.Ovsdb.OpenVSwitch;

namespace Alcor.Ovsdb.Tests;

/// <summary>Against ovsdb-server and ovs-vswitchd themselves. Each test has a switch of its own.</summary>
public sealed class RealServerTests : IAsyncLifetime
{
    private static readonly BridgeSettings Integration = new("br-int", "netdev")
    {
        Protocols = ["OpenFlow14", "OpenFlow13"],
        OtherConfig = Map(("hwaddr", "02:00:00:00:00:01")),
    };

    private static int namespaces;

    private readonly string directory = Path.Combine(Path.GetTempPath(), $"ovsdb-{Guid.NewGuid():N}");
    // Ports of the userspace datapath are devices, whose names must not meet those of another switch.
    private readonly string network = $"ovsdb-{Environment.ProcessId}-{Interlocked.Increment(ref namespaces)}";
    private SwitchInstance? instance;
    private OvsdbClient? started;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private SwitchInstance Switch => instance!;

    private OvsdbClient Client => started!;

    public async ValueTask InitializeAsync()
    {
        var reason = LabRequirements.WhyNot();
        Assert.SkipWhen(reason is not null, reason ?? "");
        await CommandLine.RunAsync("ip", "netns", "add", network);
        instance = await SwitchInstance.StartAsync(directory, network, Cancellation);
        var dial = OvsdbEndpoint.UnixSocket(instance.DatabaseSocket);
        started = OvsdbClient.Start(SwitchTransactions.OptionsFor(dial, TimeProvider.System));
    }

    public async ValueTask DisposeAsync()
    {
        if (LabRequirements.WhyNot() is not null) return;
        if (started is not null) await started.DisposeAsync();
        if (instance is not null) await instance.DisposeAsync();
        await CommandLine.RunAsync("ip", "netns", "delete", network);
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Databases_and_schema_are_read()
    {
        var connection = await Client.ConnectionAsync(Cancellation);
        Assert.Contains("Open_vSwitch", await connection.ListDatabasesAsync(Cancellation));
        var schema = await connection.GetSchemaAsync("Open_vSwitch", Cancellation);
        Assert.True(schema.Column("Interface", "ofport") is { IsOptional: true, IsComposite: false, IsMap: false });
        Assert.True(schema.Column("Bridge", "ports").IsComposite);
        await connection.EchoAsync(Cancellation);
    }

    [Fact]
    public async Task Ensuring_a_bridge_twice_gives_one_bridge_and_no_second_change()
    {
        var first = await Client.EnsureAsync(plan => plan.EnsureBridge(Integration), Cancellation);
        Assert.NotEmpty(first.Results);
        var bridge = Assert.Single(first.View.Bridges);
        Assert.Equal(("secure", "netdev"), (bridge.FailMode, bridge.DatapathType));
        Assert.Equal(["OpenFlow13", "OpenFlow14"], bridge.Protocols);
        Assert.Equal(65534, first.View.Interface("br-int")?.OpenFlowPort);
        Assert.Equal("br-int", (await Switch.RunAsync("ovs-vsctl", "list-br")).Trim());
        // The switch writes down the address some time after it has taken it.
        var settled = await Client.Replica.WaitForAsync(
            snapshot => new SwitchView(snapshot).Interface("br-int")?.MacInUse == "02:00:00:00:00:01", Cancellation);

        var second = await Client.EnsureAsync(plan => plan.EnsureBridge(Integration), Cancellation);
        Assert.Empty(second.Results);
        Assert.Same(settled, second.View.Snapshot);
    }

    [Fact]
    public async Task Ensuring_a_bridge_again_keeps_its_flows()
    {
        await Client.EnsureAsync(plan => plan.EnsureBridge(Integration), Cancellation);
        await Switch.RunAsync("ovs-ofctl", "-O", "OpenFlow14", "add-flow", "br-int", "table=7,actions=drop");
        var changed = Integration with { OtherConfig = Integration.OtherConfig.Add("mac-table-size", "4096") };
        Assert.NotEmpty((await Client.EnsureAsync(plan => plan.EnsureBridge(changed), Cancellation)).Results);
        Assert.Contains("table=7", await Switch.RunAsync("ovs-ofctl", "-O", "OpenFlow14", "dump-flows", "br-int"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bridge_that_differs_is_corrected_and_foreign_keys_stay()
    {
        await Switch.RunAsync("ovs-vsctl", "add-br", "br-int", "--", "set", "bridge", "br-int", "datapath_type=netdev",
            "other_config:hwaddr=02:00:00:00:00:99", "other_config:foreign=yes");
        await Client.Replica.WaitForAsync(
            snapshot => new SwitchView(snapshot).Bridge("br-int") is not null, Cancellation);
        var done = await Client.EnsureAsync(plan => plan.EnsureBridge(Integration), Cancellation);
        var bridge = Assert.Single(done.View.Bridges);
        Assert.Equal("secure", bridge.FailMode);
        Assert.Equal([("foreign", "yes"), ("hwaddr", "02:00:00:00:00:01")],
            bridge.OtherConfig.Select(pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public async Task A_bridge_and_its_vxlan_port_are_made_in_one_transaction_and_changed_in_another()
    {
        var tunnel = TunnelSettings.Vxlan("vxlan0") with { LocalAddress = "127.0.0.1", OpenFlowPortRequest = 100 };
        void Ask(SwitchPlan plan) => plan.EnsureBridge(Integration).EnsureTunnelPort("br-int", tunnel);
        var done = await Client.EnsureAsync(Ask, Cancellation);
        var made = done.View.Interface("vxlan0");
        Assert.NotNull(made);
        Assert.Null(made.Error);
        Assert.Equal(100, made.OpenFlowPort);
        Assert.Equal("flow", made.Options["remote_ip"]);
        Assert.Equal(["br-int", "vxlan0"], done.View.InterfacesOf("br-int").Select(row => row.Name).Order());
        Assert.Empty((await Client.EnsureAsync(Ask, Cancellation)).Results);

        tunnel = tunnel with { LocalAddress = "127.0.0.2" };
        Assert.NotEmpty((await Client.EnsureAsync(Ask, Cancellation)).Results);
        Assert.Equal("127.0.0.2",
            (await Switch.RunAsync("ovs-vsctl", "get", "interface", "vxlan0", "options:local_ip")).Trim().Trim('"'));
    }

    [Fact]
    public async Task Ports_are_added_with_external_ids_and_deleted()
    {
        var ports = Enumerable.Range(1, 20).Select(i => new PortSettings($"tap{i}")
        {
            Type = "internal",
            ExternalIds = Map(("iface-id", $"port-{i}")),
        }).ToArray();
        var done = await Client.EnsureAsync(
            plan =>
            {
                plan.EnsureBridge(Integration);
                foreach (var port in ports) plan.EnsurePort("br-int", port);
            },
            Cancellation);
        Assert.All(ports, port => Assert.True(done.View.Interface(port.Name)?.OpenFlowPort > 0));
        Assert.Equal("port-7", done.View.Interface("tap7")?.ExternalIds["iface-id"]);

        void Delete(SwitchPlan plan) => plan.DeletePort("br-int", "tap7").DeletePort("br-int", "none");
        var gone = await Client.EnsureAsync(Delete, Cancellation);
        Assert.Null(gone.View.Port("tap7"));
        Assert.Null(gone.View.Interface("tap7"));
        Assert.Empty((await Client.EnsureAsync(Delete, Cancellation)).Results);
        Assert.Empty((await Client.EnsureAsync(plan => plan.DeleteBridge("br-int"), Cancellation)).View.Interfaces);
    }

    [Fact]
    public async Task What_another_client_sets_arrives_in_the_replica()
    {
        await Client.EnsureAsync(plan => plan.EnsureBridge(Integration), Cancellation);
        await Switch.RunAsync("ovs-vsctl", "set", "interface", "br-int", "external_ids:iface-id=abc");
        await Client.Replica.WaitForAsync(
            snapshot => new SwitchView(snapshot).Interface("br-int")!.ExternalIds.ContainsValue("abc"), Cancellation);
    }

    [Fact]
    public async Task External_ids_of_the_switch_are_set_beside_those_of_others()
    {
        await Switch.RunAsync(
            "ovs-vsctl", "set", "Open_vSwitch", ".", "external_ids:foreign=1", "external_ids:mine=old");
        await Client.Replica.WaitForAsync(
            snapshot => new SwitchView(snapshot).Switch?.ExternalIds.ContainsKey("mine") == true, Cancellation);
        void Ask(SwitchPlan plan) => plan.SetSwitchExternalIds(Map(("mine", "new"), ("other", "x")));
        var ids = (await Client.EnsureAsync(Ask, Cancellation)).View.Switch!.ExternalIds;
        Assert.Equal(("1", "new", "x"), (ids["foreign"], ids["mine"], ids["other"]));
        Assert.Empty((await Client.EnsureAsync(Ask, Cancellation)).Results);
    }

    [Fact]
    public async Task A_failed_transaction_reports_its_operation_and_changes_nothing()
    {
        OvsdbOperation[] operations =
        [
            new OvsdbOperation.Comment("not to be seen"),
            new OvsdbOperation.Update("Open_vSwitch", [], OvsdbRow.Of(("external_ids", OvsdbValue.EmptyMap))),
            new OvsdbOperation.Update("Open_vSwitch", [], OvsdbRow.Of(("no_such_column", 1))),
        ];
        var before = await Client.Replica.WaitForAsync(_ => true, Cancellation);
        var error = await Assert.ThrowsAsync<OvsdbTransactionException>(
            () => Client.TransactAndWaitAppliedAsync(operations, Cancellation));
        Assert.Equal(2, error.OperationIndex);
        Assert.Same(operations[2], error.Operation);
        Assert.Contains("no_such_column", error.Message, StringComparison.Ordinal);
        Assert.Empty(Client.Replica.Current!.ChangesSince(before));

        OvsdbOperation dangling = new OvsdbOperation.Update(
            "Open_vSwitch", [], OvsdbRow.Of(("bridges", Guid.Parse("36bef046-7da7-43a5-905a-c17899216fcb"))));
        error = await Assert.ThrowsAsync<OvsdbTransactionException>(
            () => Client.TransactAsync([dangling], Cancellation));
        Assert.Equal((1, "referential integrity violation"), (error.OperationIndex, error.Error));
    }

    [Fact]
    public async Task A_plan_on_a_bridge_that_has_gone_fails_instead_of_doing_nothing()
    {
        var old = (await Client.EnsureAsync(plan => plan.EnsureBridge(Integration), Cancellation)).View;
        await Switch.RunAsync("ovs-vsctl", "del-br", "br-int");
        var plan = new SwitchPlan(old).EnsureTunnelPort("br-int", TunnelSettings.Vxlan("vxlan0"));
        var error = await Assert.ThrowsAsync<OvsdbTransactionException>(
            () => Client.TransactAndWaitAppliedAsync(plan.Operations, Cancellation));
        Assert.Equal((0, "timed out"), (error.OperationIndex, error.Error));
    }

    [Fact]
    public async Task After_a_restart_of_the_server_the_difference_is_reported()
    {
        await Client.EnsureAsync(plan => plan.EnsureBridge(Integration), Cancellation);
        await using var changes = Client.Replica.ChangesAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await changes.MoveNextAsync());
        var connection = await Client.ConnectionAsync(Cancellation);

        await Switch.KillDatabaseAsync();
        await connection.Lost.WaitAsync(Cancellation);
        Assert.NotNull(Client.Replica.Current);
        await Switch.RunAsync("ovsdb-tool", "transact", Path.Combine(directory, "conf.db"),
            """["Open_vSwitch",{"op":"update","table":"Interface","where":[["name","==","br-int"]],"""
            + """ "row":{"external_ids":["map",[["iface-id","while-away"]]]}}]""");
        await Switch.StartDatabaseAsync(Cancellation);

        OvsdbChange change;
        do
        {
            Assert.True(await changes.MoveNextAsync());
            change = changes.Current;
        }
        while (!change.IsResynchronized);
        var row = Assert.Single(change.Rows, row => row.Table == "Interface");
        Assert.Equal("while-away", row.After?.Map("external_ids")["iface-id"]);
        Assert.DoesNotContain(change.Rows, changed => changed.After is null);
        await Client.ConnectionAsync(Cancellation);
        Assert.NotEmpty((await Client.EnsureAsync(
            plan => plan.EnsureTunnelPort("br-int", TunnelSettings.Vxlan("vxlan0")), Cancellation)).Results);
    }

    [Fact]
    public async Task A_replica_fed_by_random_transactions_equals_a_full_read()
    {
        var random = Seed.For(nameof(A_replica_fed_by_random_transactions_equals_a_full_read));
        await Client.EnsureAsync(plan => plan.EnsureBridge(Integration), Cancellation);
        for (var step = 1; step <= 60; step++)
        {
            var changes = Enumerable.Range(0, random.Next(1, 4)).Select(_ => RandomChange(random));
            await Client.TransactAsync([.. changes, Mark(step)], Cancellation);
            if (step % 10 != 0) continue;
            var marked = await Client.Replica.WaitForAsync(
                snapshot => new SwitchView(snapshot).Switch?.ExternalIds.GetValueOrDefault("mark") == $"{step}",
                Cancellation);
            // The switch itself writes to interfaces, so those may differ for a moment.
            foreach (var table in SwitchTables.Watched.Where(table => table.Table is "Port" or "Bridge"))
                Assert.Equal(await ReadAsync(table), marked.Table(table.Table).OrderBy(row => row.Key));
        }
    }

    private static OvsdbOperation RandomChange(Random random)
    {
        var everywhere = OvsdbCondition.Everywhere;
        var map = Map(($"k{random.Next(5)}", $"v{random.Next(2)}"), ("x", $"{random.Next(3)}"));
        return random.Next(5) switch
        {
            0 => new OvsdbOperation.Update("Port", everywhere, OvsdbRow.Of(("external_ids", OvsdbValue.Map(map)))),
            1 => new OvsdbOperation.Mutate(
                "Port", everywhere, [new OvsdbMutation("external_ids", "insert", OvsdbValue.Map(map))]),
            2 => new OvsdbOperation.Update("Port", everywhere, OvsdbRow.Of(
                ("tag", random.Next(2) == 0 ? OvsdbValue.EmptySet : OvsdbValue.Of(random.Next(4))))),
            3 => new OvsdbOperation.Update("Bridge", everywhere, OvsdbRow.Of(
                ("protocols", OvsdbValue.Strings(new[] { "OpenFlow13", "OpenFlow15" }.Take(random.Next(1, 3)))))),
            _ => new OvsdbOperation.Mutate("Bridge", everywhere,
                [new OvsdbMutation("external_ids", "delete", OvsdbValue.Strings($"k{random.Next(5)}", "x"))]),
        };
    }

    private static OvsdbOperation.Update Mark(int step) => new(
        "Open_vSwitch", [], OvsdbRow.Of(("external_ids", OvsdbValue.Map(Map(("mark", $"{step}"))))));

    private async Task<IEnumerable<KeyValuePair<Guid, OvsdbRow>>> ReadAsync(OvsdbMonitorTable table)
    {
        OvsdbOperation select = new OvsdbOperation.Select(table.Table, [], table.Columns.Add("_uuid"));
        var rows = (await Client.TransactAsync([select], Cancellation))[0].Rows;
        return rows
            .Select(row => KeyValuePair.Create(
                row["_uuid"].Single.Uuid, OvsdbRow.Of(table.Columns.Select(column => (column, row[column])))))
            .OrderBy(row => row.Key);
    }

    private static ImmutableSortedDictionary<string, string> Map(params (string Key, string Value)[] pairs) =>
        pairs.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
}
