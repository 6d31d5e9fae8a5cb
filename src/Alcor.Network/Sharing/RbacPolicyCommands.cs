using Alcor.Kernel.Resources;

namespace Alcor.Network.Sharing;

/// <summary>What the Networking API can ask of RBAC policies.</summary>
public sealed class RbacPolicyCommands : IResourceCommands
{
    public IResourceType Type => RbacPolicy.Type;

    public ICommand Create(IReadOnlyList<NewResource> items) => new CreateRbacPolicies(items);

    public ICommand Update(Stamped<object> current, ChangeRequest change) =>
        new UpdateRbacPolicy((RbacPolicy)current.Value, change);

    public ICommand Delete(Stamped<object> current, ChangeRequest change) =>
        new DeleteRbacPolicy((RbacPolicy)current.Value, change);
}
