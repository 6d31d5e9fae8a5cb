using Alcor.Lab;

namespace Alcor.System.Tests;

/// <summary>How often an agent has found a dataplane, as it says itself.</summary>
internal static class AgentConnections
{
    public static int Of(RegionHost host) => File.ReadLines(host.AgentLog).Count(
        line => line.Contains("connected to a dataplane", StringComparison.Ordinal)
            && !line.Contains("not connected", StringComparison.Ordinal));

    /// <summary>The agent has a connection that it had not before.</summary>
    public static Task BackAsync(RegionHost host, int before) => Traffic.EventuallyAsync(
        () => Task.FromResult(Of(host) > before), $"the agent of {host.Name} does not come back");
}
