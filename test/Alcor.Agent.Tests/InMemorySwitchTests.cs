using System.Net;
using Alcor.Agent.Rendering;
using Alcor.Agent.Switch;
using Alcor.OpenFlow;

namespace Alcor.Agent.Tests;

/// <summary>The switch in memory tells and forgets what the real one does.</summary>
public sealed class InMemorySwitchTests
{
    private static readonly byte[] Frame =
        Convert.FromHexString("02000000000202000000000108004500001C0001000040FD65E20A0000010A0000020000000000000000");

    private readonly InMemorySwitch _switch = new(IPAddress.Loopback, new TunnelPorts(Vxlan: 9, Geneve: null));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_punted_packet_brings_its_table_cookie_and_registers()
    {
        await ApplyAsync(new Flow(0, 1, Match.Empty, new FlowAction.Load(Field.Register(0), 5),
            new FlowAction.Load(Field.Register(15), 7), new FlowAction.Resubmit(60)),
            new Flow(60, 1, Match.Empty, FlowAction.ToController()) { Cookie = 0xabc });
        var punted = new TaskCompletionSource<PacketPunted>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var running = _switch.RunAsync((happened, _) =>
        {
            if (happened is PacketPunted packet)
                punted.TrySetResult(packet);
            return ValueTask.CompletedTask;
        }, ending.Token);
        _switch.Receive(9, Frame);
        var told = await punted.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        Assert.Equal((9u, (byte)60, 0xabcUL), (told.InPort, told.Table, told.Cookie));
        Assert.Equal((5u, 0u, 7u), (told.Register(0), told.Register(1), told.Register(15)));
        Assert.Equal(Frame, told.Frame.ToArray());
        Assert.Equal(0u, new PacketPunted(1, Frame).Register(3));
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Connections_are_forgotten_by_zone_and_with_a_restart()
    {
        Flow[] flows =
        [
            new Flow(0, 1, Match.Empty.EthType(0x0800),
                new FlowAction.ConnectionTrack { Commit = true, Zone = new CtZone(3), Table = 1 }),
            new Flow(1, 1, Match.Empty, FlowAction.ToController()),
        ];
        await ApplyAsync(flows);
        Assert.Equal(0, Connections());
        _switch.Receive(9, Frame);
        Assert.Equal(1, Connections());
        await _switch.FlushConntrackAsync(new ConnectionFilter(4), Cancellation);
        Assert.Equal(1, Connections());
        await _switch.FlushConntrackAsync(new ConnectionFilter(3), Cancellation);
        Assert.Equal(0, Connections());
        _switch.Receive(9, Frame);
        _switch.Restart();
        Assert.Equal(0, Connections());
        _switch.Disconnect();
        await Assert.ThrowsAsync<SwitchUnavailableException>(
            () => _switch.FlushConntrackAsync(new ConnectionFilter(3), Cancellation));
    }

    private int Connections()
    {
        var count = 0;
        _switch.Tamper(tables => count = tables.Connections.Count);
        return count;
    }

    private Task<IReadOnlyList<FlowRejection>> ApplyAsync(params Flow[] flows) =>
        _switch.ApplyAsync([.. flows.Select(flow => new FlowChange(flow, IsDelete: false))], Cancellation);
}
