namespace Alcor.OpenFlow.Tests;

/// <summary>
/// A packet that comes in through a port, and what a controller hears of it: ct_state for each report.
/// </summary>
internal sealed record Step(uint Port, byte[] Frame, string Expected);

/// <summary>
/// Packets one after another through flows that report them to the controller. What is expected was read off a real
/// switch; the switch in memory and the real one have to agree on all that they report.
/// </summary>
internal sealed record Scenario(string Name, Flow[] Flows, Step[] Steps)
{
    public override string ToString() => Name;
}
