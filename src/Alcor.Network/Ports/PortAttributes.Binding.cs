using Alcor.Kernel.Resources;

namespace Alcor.Network.Ports;

/// <summary>How the interface of a port is plugged, as Neutron names it.</summary>
internal static class VifType
{
    public const string Unbound = "unbound";

    public const string OpenVSwitch = "ovs";

    public const string Failed = "binding_failed";

    public static string[] All => [Unbound, OpenVSwitch, Failed];

    /// <param name="host">Empty: none.</param>
    public static string Of(string host, bool isBound) =>
        host.Length == 0 ? Unbound : isBound ? OpenVSwitch : Failed;

    /// <summary>What the host's software needs to plug it, as JSON text.</summary>
    public static string DetailsOf(bool isBound) => isBound
        ? """{"bridge_name":"br-int","connectivity":"l2","ovs_hybrid_plug":false,"port_filter":false}"""
        : "{}";
}

/// <summary>The extension binding.</summary>
public static partial class PortAttributes
{
    public static readonly Attribute<Port, string> HostId =
        new(
            "binding:host_id",
            PortSchemas.NullAsEmpty(CommonAttributes.TextMax),
            "The host where the port is; empty: none.")
        {
            Read = port => port.Value.HostId,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = "",
        };

    public static readonly Attribute<Port, string> VnicType =
        new(
            "binding:vnic_type",
            Schemas.OneOf(
                "normal", "direct", "macvtap", "baremetal", "direct-physical", "virtio-forwarder", "smart-nic", "vdpa",
                "accelerator-direct", "accelerator-direct-physical", "remote-managed"),
            "The kind of interface. Hosts plug normal ones.")
        {
            Read = port => port.Value.VnicType,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = "normal",
        };

    public static readonly Attribute<Port, string> Profile =
        new(
            "binding:profile",
            Schemas.FreeObject(4095),
            "What the host's software notes down here; the ids in its allocation follow the QoS policy of a machine's "
            + "port, of which Placement is not told.")
        {
            Read = port => port.Value.Profile,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = "{}",
        };

    public static readonly Attribute<Port, string> VifType =
        new(
            "binding:vif_type",
            Schemas.OneOf(Ports.VifType.All),
            "How the interface is plugged; binding_failed: no such host is known, or it does not carry the network.")
        {
            Read = port => Ports.VifType.Of(port.Value.HostId, port.Value.IsBound),
        };

    public static readonly Attribute<Port, string> VifDetails =
        new("binding:vif_details", Schemas.FreeObject(4095), "What the host's software needs to plug it.")
        {
            Read = port => Ports.VifType.DetailsOf(port.Value.IsBound),
        };
}
