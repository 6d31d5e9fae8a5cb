using System.Collections.Immutable;
using System.Net;
using Alcor.Network.Nodes;
using Alcor.Network.Ports;

namespace Alcor.Dataplane;

/// <summary>Who a host is, as its agent says.</summary>
/// <param name="TunnelAddress">Where other hosts send encapsulated traffic to.</param>
public sealed record HostIdentity(
    string Host, IPAddress TunnelAddress, string Version, ImmutableSortedDictionary<string, string> Configurations);

/// <summary>How a port stands on its host.</summary>
public enum PortCondition
{
    /// <summary>The switch has it as it is.</summary>
    Applied,

    /// <summary>Nothing is wrong, but something is not there yet, such as its interface.</summary>
    Waiting,

    /// <summary>The switch refused it, or it makes no sense.</summary>
    Failed,
}

/// <param name="Generation">Of the port, that the host speaks of.</param>
public sealed record PortObservation(string PortId, long Generation, PortCondition Condition);

/// <summary>
/// Facts from below, as the rest of the system takes note of them. Each may come again, and out of date: whoever
/// takes it compares it with what is there. Throwing means that it was not noted.
/// </summary>
public interface IHostFacts
{
    /// <summary>An agent connected: its host is known from now on, and its ports are bound to it as it is.</summary>
    /// <returns>The session that this began; whatever is told of the host is told with it.</returns>
    Task<AgentSession> HostConnectedAsync(HostIdentity host, CancellationToken cancellationToken);

    /// <summary>A connected agent is still there.</summary>
    /// <returns>Whether its session is still the one that counts: no other connected later.</returns>
    Task<bool> HostAliveAsync(AgentSession session, CancellationToken cancellationToken);

    /// <summary>Nobody has heard of a host for the liveness time. Its ports keep their status: the switch still
    /// works.</summary>
    Task HostGoneAsync(AgentSession session, CancellationToken cancellationToken);

    /// <summary>
    /// Looks after the gateways of routers on account of a host that came, is there or is gone: those that it has and
    /// those that wait for a host go where they belong as things are now.
    /// </summary>
    Task PlaceGatewaysAsync(string host, CancellationToken cancellationToken);

    /// <param name="observations">Each port once.</param>
    /// <returns>The ports whose status is another one because of it, as they are now.</returns>
    Task<IReadOnlyList<Port>> PortsObservedAsync(
        string networkId,
        AgentSession session,
        IReadOnlyList<PortObservation> observations,
        CancellationToken cancellationToken);
}
