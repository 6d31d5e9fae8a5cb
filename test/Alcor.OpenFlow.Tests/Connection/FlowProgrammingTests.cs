using Alcor.Lab;

namespace Alcor.OpenFlow.Tests;

public sealed class FlowProgrammingTests(RealBridge bridge) : IClassFixture<RealBridge>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(FlowDelivery.Bundle)]
    [InlineData(FlowDelivery.Barrier)]
    public async Task A_hundred_thousand_flows_are_programmed_and_dumped(FlowDelivery delivery)
    {
        Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
        await using var connection = await bridge.ConnectAsync(OpenFlowVersion.OpenFlow14);
        await connection.SendFlowsAsync([FlowMod.Delete(FlowFilter.Everything)], FlowDelivery.Barrier, Token);
        var figures = await FlowProgrammingMeasurement.RunAsync(
            connection, bridge.Switch.SwitchProcessId, 100_000, delivery, Token);
        TestContext.Current.TestOutputHelper?.WriteLine($"{delivery}: {figures}");
        Assert.Equal(100_000, (await connection.DumpFlowsAsync(FlowFilter.Everything, Token)).Count);
    }
}
