using Alcor.Kernel.Resources;

namespace Alcor.Network.MacRanges;

/// <summary>What Alcor's own API can ask of MAC ranges.</summary>
public sealed class MacRangeCommands : IResourceCommands
{
    public IResourceType Type => MacRange.Type;

    public ICommand Create(IReadOnlyList<NewResource> items) => new CreateMacRanges(items);

    public ICommand Update(Stamped<object> current, ChangeRequest change) =>
        new UpdateMacRange(((MacRange)current.Value).Id, change.Body, change.IfRevision);

    public ICommand Delete(Stamped<object> current, ChangeRequest change) =>
        new DeleteMacRange(((MacRange)current.Value).Id, change.IfRevision);
}
