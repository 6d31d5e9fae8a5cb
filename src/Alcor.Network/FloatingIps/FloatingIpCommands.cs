using Alcor.Kernel.Resources;

namespace Alcor.Network.FloatingIps;

/// <summary>What the Networking API can ask of floating IPs.</summary>
public sealed class FloatingIpCommands(NetworkSettings settings) : IResourceCommands
{
    public IResourceType Type => FloatingIp.Type;

    public ICommand Create(IReadOnlyList<NewResource> items) => new CreateFloatingIps(settings, items);

    public ICommand Update(Stamped<object> current, ChangeRequest change) =>
        new UpdateFloatingIp((FloatingIp)current.Value, change);

    public ICommand Delete(Stamped<object> current, ChangeRequest change) =>
        new DeleteFloatingIp((FloatingIp)current.Value, change.IfRevision);
}
