namespace Alcor.Agent.Pipeline;

/// <summary>Where the machine of a port is at the switch of its host, and what flows call the port.</summary>
/// <param name="Key">See <see cref="PortKey"/>.</param>
/// <param name="OpenFlowPort">Of its interface; of a subport that of its parent's.</param>
/// <param name="Vlan">The tag that a subport's frames have there; 0: none, the interface is the port's own.</param>
internal readonly record struct Attachment(uint Key, uint OpenFlowPort, ushort Vlan);
