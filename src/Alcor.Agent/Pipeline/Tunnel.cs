namespace Alcor.Agent.Pipeline;

/// <summary>How a host reaches the other hosts of a network.</summary>
/// <param name="Port">The OpenFlow port of its encapsulation.</param>
/// <param name="Vni">What tells the network from others of that encapsulation.</param>
internal readonly record struct Tunnel(uint Port, uint Vni);
