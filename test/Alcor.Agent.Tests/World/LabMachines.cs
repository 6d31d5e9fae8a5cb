using Alcor.Lab;

namespace Alcor.Agent.Tests.World;

/// <summary>Labs for tests of the agent, and machines in them, plugged as the ports of <see cref="Say"/>.</summary>
internal static class LabMachines
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<LabTopology> StartAsync(int hosts)
    {
        Assert.SkipWhen(LabRequirements.WhyNot() is not null, LabRequirements.WhyNot() ?? "");
        await LabTopology.RemoveStaleAsync("agt");
        return await LabTopology.StartAsync(LabTopologyOptions.ForTest("agt", hosts), Cancellation);
    }

    public static Task<VirtualMachine> PlugAsync(LabTopology lab, int host, int port) =>
        lab.Hosts[host].AddMachineAsync(
            new VirtualMachineOptions($"vm{port}", Say.Id(port).ToString("D"), Say.MacOf(port).ToString()),
            Cancellation);
}
