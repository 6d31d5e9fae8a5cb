using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Network.Ports;

/// <summary>
/// A port on one host, as the extension binding-extended shows it. It is not stored: the port has the one that is in
/// use, and those that it could change to.
/// </summary>
/// <param name="Host">Empty: the port is on none.</param>
/// <param name="Profile">JSON text of an object.</param>
/// <param name="IsBound">Whether the host is there, and can carry the network.</param>
public sealed record PortBinding(
    string PortId,
    string NetworkId,
    string ProjectId,
    string Host,
    string VnicType,
    string Profile,
    bool IsActive,
    bool IsBound)
{
    public static readonly ResourceType<PortBinding> Type = new("port_binding", "port_bindings")
    {
        Json = NetworkJson.Default.PortBinding,
        Id = binding => binding.Host,
        Partition = binding => PartitionKey.Network(binding.NetworkId),
        VisibleTo = binding => [binding.ProjectId],
        Api = new ApiNames("bindings", "binding", "bindings")
        {
            Policy = "port_binding",
            NotFound = host => new ApiError(
                404, "PortBindingNotFound", $"Binding for port for host {host} could not be found."),
        },
        Parent = new ParentLink("port", "port_id", IsInPath: true),
        Attributes = PortBindingAttributes.All,
    };

    /// <summary>The one in use first.</summary>
    public static IEnumerable<PortBinding> AllOf(Port port) =>
        port.InactiveBindings.OrEmpty()
            .Select(other => Of(port, other))
            .Prepend(new PortBinding(
                port.Id, port.NetworkId, port.ProjectId, port.HostId, port.VnicType, port.Profile, true, port.IsBound));

    public static PortBinding? Find(Port port, string host) =>
        AllOf(port).FirstOrDefault(binding => binding.Host == host);

    /// <summary>It was made on a host that was there.</summary>
    private static PortBinding Of(Port port, InactiveBinding other) =>
        new(port.Id, port.NetworkId, port.ProjectId, other.Host, other.VnicType, other.Profile, false, true);
}
