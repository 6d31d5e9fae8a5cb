using Alcor.Network.Ports;

namespace Alcor.Network.Trunks;

/// <summary>
/// Whether a trunk carries traffic, as Neutron names it. It follows from its ports that are administratively up, the
/// subports of a parent that is not among them; whether the trunk itself is up says what may be done with it alone.
/// </summary>
public static class TrunkStatus
{
    /// <summary>Its parent is on no host, or its interface is not there; or none of its ports is up.</summary>
    public const string Down = "DOWN";

    /// <summary>Some of its ports are on a host that has not yet said that the switch has them.</summary>
    public const string Build = "BUILD";

    /// <summary>The switch has all of its ports that are administratively up.</summary>
    public const string Active = "ACTIVE";

    /// <summary>Its parent is there, but the host cannot have some of its subports.</summary>
    public const string Degraded = "DEGRADED";

    /// <summary>The host has refused its parent.</summary>
    public const string Error = "ERROR";

    /// <param name="find">What is known of a port; null: it is gone.</param>
    public static string Of(Trunk trunk, Func<string, Port?> find)
    {
        if (find(trunk.PortId) is not { IsBound: true } parent)
            return Down;
        var subports = trunk.SubPorts.Select(port => find(port.PortId))
            .OfType<Port>().Where(port => port.AdminStateUp).ToList();
        return parent switch
        {
            { Status: PortStatus.Error } => Error,
            { Status: PortStatus.Down, AdminStateUp: true } => Down,
            { AdminStateUp: false } when subports.TrueForAll(port => port.Status == PortStatus.Down) => Down,
            _ when subports.Exists(port => port is { IsBound: false } or { Status: PortStatus.Error }) => Degraded,
            // A subport is DOWN for as long as its host has not said that the parent's interface is back.
            { Status: PortStatus.Active } or { AdminStateUp: false }
                when subports.TrueForAll(port => port.Status == PortStatus.Active) => Active,
            _ => Build,
        };
    }
}
