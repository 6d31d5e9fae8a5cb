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
        var flows = Enumerable.Range(0, 100_000).Select(i => FlowMod.Add(
            new Flow(
                60, 100, Match.Empty.EthDst(new MacAddress(0xfa163e000000UL + (ulong)i)), new FlowAction.Output(1))));
        var result = await connection.SendFlowsAsync([.. flows], delivery, Token);
        Assert.True(result.IsComplete);
        Assert.Equal(100_000, (await connection.DumpFlowsAsync(FlowFilter.Everything, Token)).Count);
    }
}
