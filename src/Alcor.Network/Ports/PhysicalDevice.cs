using System.Text.Json;
using Alcor.Kernel.Resources;

namespace Alcor.Network.Ports;

/// <summary>
/// A network device that a guest gets whole (vnic_type direct-physical): its port has the MAC address of the device,
/// which whoever binds the port says in binding:profile.
/// </summary>
/// <param name="Network">The partition of the port's network.</param>
internal sealed record PhysicalDevice(
    Snapshot Network, ulong Entropy, NetworkSettings Settings, DecideContext Context)
{
    private const string Member = "device_mac_address";

    public static bool Backs(Port port) => port.VnicType == "direct-physical";

    /// <summary>
    /// The port with the address of its device, if it was bound anew; with one that no device has, if none is named:
    /// the one that it had may be another port's by now.
    /// </summary>
    /// <param name="earlier">Null: it is new.</param>
    public Result<Port> Bind(Port port, Port? earlier)
    {
        if (!Backs(port) || !port.IsBound || (earlier is not null && IsBoundAlike(port, earlier)))
            return port;
        var mac = Choose(port);
        return mac.Error is { } error
            ? error
            : port with { MacAddress = mac.Value.Address, MacRangeId = mac.Value.RangeId };
    }

    private Result<MacChoice> Choose(Port port)
    {
        using var profile = JsonDocument.Parse(port.Profile);
        if (!profile.RootElement.TryGetProperty(Member, out var named) || named.ValueKind == JsonValueKind.Null)
            return new MacAllocation(Context, Settings).Choose(Network, Entropy);
        if (!Schemas.Mac.TryRead(named, out var mac, out var reason))
            return ApiError.InvalidInput($"{PortAttributes.Profile.Name}: {Member}", reason);
        return mac != port.MacAddress && Network.Claimed(Port.MacSpace(port.NetworkId)).Contains(mac.Bits)
            ? Errors.MacAddressInUse(port.NetworkId, mac)
            : new MacAllocation(Context, Settings).Take(mac);
    }

    private static bool IsBoundAlike(Port port, Port earlier) =>
        earlier.IsBound && port.HostId == earlier.HostId && port.VnicType == earlier.VnicType
        && port.Profile == earlier.Profile;
}
