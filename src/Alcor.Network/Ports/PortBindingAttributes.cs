using Alcor.Kernel.Resources;

namespace Alcor.Network.Ports;

/// <summary>The attributes of a port's bindings in the Networking API v2.0 (extension binding-extended).</summary>
public static class PortBindingAttributes
{
    public static readonly Attribute<PortBinding, string> PortId = new("port_id", Schemas.Uuid, "The port.")
    {
        Read = binding => binding.Value.PortId,
        IsVisible = false,
        IsFilterable = false,
    };

    public static readonly Attribute<PortBinding, string> Host =
        new("host", Schemas.Text(CommonAttributes.TextMax), "The host.")
        {
            Read = binding => binding.Value.Host,
            InCreate = Presence.Required,
        };

    public static readonly Attribute<PortBinding, string> VifType =
        new("vif_type", Schemas.OneOf(Ports.VifType.All), "How the interface is plugged there.")
        {
            Read = binding => Ports.VifType.Of(binding.Value.Host, binding.Value.IsBound),
        };

    public static readonly Attribute<PortBinding, string> VifDetails =
        new("vif_details", Schemas.FreeObject(4095), "What the host's software needs to plug it.")
        {
            Read = binding => Ports.VifType.DetailsOf(binding.Value.IsBound),
            IsFilterable = false,
        };

    public static readonly Attribute<PortBinding, string> VnicType =
        new("vnic_type", PortAttributes.VnicType.Schema, "The kind of interface.")
        {
            Read = binding => binding.Value.VnicType,
            InCreate = Presence.Optional,
            InUpdate = true,
            Default = PortAttributes.VnicType.Default,
        };

    public static readonly Attribute<PortBinding, string> Profile =
        new("profile", PortAttributes.Profile.Schema, "What the host's software notes down here.")
        {
            Read = binding => binding.Value.Profile,
            InCreate = Presence.Optional,
            InUpdate = true,
            IsFilterable = false,
            Default = PortAttributes.Profile.Default,
        };

    public static readonly Attribute<PortBinding, string> Status =
        new("status", Schemas.OneOf("ACTIVE", "INACTIVE"), "ACTIVE where the port's traffic goes.")
        {
            Read = binding => binding.Value.IsActive ? "ACTIVE" : "INACTIVE",
        };

    public static readonly IReadOnlyList<IAttribute> All =
        [PortId, Host, VifType, VifDetails, VnicType, Profile, Status];
}
