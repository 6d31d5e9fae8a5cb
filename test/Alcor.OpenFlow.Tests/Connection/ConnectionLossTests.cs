using Alcor.Lab;

namespace Alcor.OpenFlow.Tests;

public sealed class ConnectionLossTests(RealBridge bridge) : IClassFixture<RealBridge>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_switch_ends_everything_by_one_exception()
    {
        Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
        await using var connection = await bridge.ConnectAsync(OpenFlowVersion.OpenFlow14);
        var packet = connection.PacketIns.ReadAsync(Token).AsTask();
        await bridge.Switch.KillSwitchAsync();
        await Assert.ThrowsAsync<OpenFlowConnectionException>(() => connection.Completion.WaitAsync(Token));
        await Assert.ThrowsAnyAsync<Exception>(() => packet);
        await Assert.ThrowsAsync<OpenFlowConnectionException>(() => connection.BarrierAsync(Token));
        await Assert.ThrowsAsync<OpenFlowConnectionException>(
            () => connection.SendFlowsAsync([FlowMod.Delete(FlowFilter.Everything)], FlowDelivery.Bundle, Token));
    }

    [Fact]
    public async Task Nobody_listening_is_a_connection_exception()
    {
        var path = Path.Combine(Path.GetTempPath(), $"openflow{Environment.ProcessId}.nobody");
        await Assert.ThrowsAsync<OpenFlowConnectionException>(
            () => OpenFlowConnection.ConnectUnixAsync(path, OpenFlowConnectionOptions.Default, Token));
    }
}
