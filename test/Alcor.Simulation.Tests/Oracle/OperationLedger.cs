using Alcor.Kernel.Lanes;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;
using Alcor.Network.Subnets;
using Alcor.Storage;
using NetworkResource = Alcor.Network.Networks.Network;

namespace Alcor.Simulation.Tests;

/// <summary>
/// What users asked for and were told, against what was committed: nothing acknowledged is lost or done twice, nothing
/// refused leaves a trace, and what users own changes only as they asked.
/// </summary>
internal sealed class OperationLedger(Oracle oracle)
{
    private const string Owned = "what users own changes only as they asked";
    private const string Once = "what is acknowledged is committed, once";
    private const string Nothing = "what is refused leaves nothing";
    private readonly List<Operation> _operations = [];
    private readonly List<Deletion> _deletions = [];

    public IReadOnlyList<Operation> Operations => _operations;

    public Operation Begin(
        string type, IReadOnlyList<string> ids, bool isDelete, Func<string, Body>? body = null, long? ifRevision = null)
    {
        var number = _operations.Count;
        var operation = new Operation(number, type, ids, isDelete)
        {
            Body = body?.Invoke(Operation.TagOf(number)),
            IfRevision = ifRevision,
        };
        _operations.Add(operation);
        return operation;
    }

    public void Acknowledge(Operation operation, Outcome outcome)
    {
        operation.State = OperationState.Acknowledged;
        if (operation.IsDelete)
        {
            AcknowledgeDelete(operation, outcome);
            return;
        }
        foreach (var id in operation.Ids)
        {
            oracle.Require(operation.Commits.ContainsKey(id), Once, $"{operation} was acknowledged and not committed");
        }
        if (!oracle.Require(outcome.Answer.Count == operation.Ids.Count, Once, $"{operation} has another answer"))
            return;
        for (var i = 0; i < operation.Ids.Count; i++)
        {
            var answer = outcome.Answer[i];
            var committed = operation.Commits.GetValueOrDefault(operation.Ids[i]);
            oracle.Require(IdOf(answer.Value) == operation.Ids[i], Once,
                $"{operation} was answered with another resource");
            oracle.Require(answer.Revision == committed, Once,
                $"{operation} was answered with revision {answer.Revision} and committed at {committed}");
        }
    }

    public void Refuse(Operation operation, ApiError error)
    {
        operation.State = OperationState.Refused;
        RequireNothing(operation, error.Message);
    }

    public void Fail(Operation operation, Exception? exception)
    {
        operation.State = exception is StoreException ? OperationState.Refused : OperationState.Unknown;
        oracle.Require(exception is null or StoreException or CommitUnknownException, "users are told why",
            $"{operation} ended with {exception}");
        if (exception is StoreException)
            RequireNothing(operation, exception.Message);
    }

    /// <param name="deleted">What else the same transaction deletes.</param>
    public void OnCommitted(
        ResourceKey key, Stamped<object>? before, object? after, long revision,
            IReadOnlyCollection<ResourceKey> deleted)
    {
        if (key.Type is not ("network" or "subnet" or "port"))
            return;
        if (after is null)
        {
            OnDeleted(key, before, revision, deleted);
            return;
        }
        var operation = FindAuthor(key, before?.Value, after);
        if (operation is null)
            return;
        oracle.Require(operation.Commits.TryAdd(key.Id, revision), Once, $"{operation} changed {key} twice");
        oracle.Require(operation.IfRevision is not { } expected || expected == before?.Revision,
            "If-Match names the revision that is changed",
            $"{operation} wanted {key} at {operation.IfRevision}, it was at {before?.Revision}");
        if (operation.Body is { } body && after is Port port && before is { Value: Port earlier })
            CheckUpdate(operation, body, earlier, port);
    }

    /// <summary>A deletion carries no tag: it was one of those who asked for it and may still have it done.</summary>
    private void OnDeleted(
        ResourceKey key, Stamped<object>? before, long revision, IReadOnlyCollection<ResourceKey> deleted)
    {
        // With its network a subnet goes too, and whoever asked for that is found at the network.
        if (before?.Value is Subnet subnet && deleted.Contains(NetworkResource.Type.Key(subnet.NetworkId)))
            return;
        var candidates = _operations.FindAll(one => one.IsDelete && one.MayCommit && one.Ids.Contains(key.Id));
        if (oracle.Require(candidates.Count > 0, Owned, $"{key} was deleted"))
            _deletions.Add(new Deletion(key.Id, revision, [.. candidates]));
    }

    private void AcknowledgeDelete(Operation operation, Outcome outcome)
    {
        var deletion = _deletions.Find(one => one.Id == operation.Ids[0] && one.Candidates.Contains(operation));
        if (!oracle.Require(deletion is not null, Once, $"{operation} was acknowledged and not committed"))
            return;
        deletion!.Candidates.RemoveWhere(one => one != operation);
        oracle.Require(outcome.Answer[0].Revision == deletion.Revision, Once,
            $"{operation} was answered with a wrong revision");
    }

    private void RequireNothing(Operation operation, string reason)
    {
        oracle.Require(operation.Commits.Count == 0, Nothing, $"{operation}: {reason}");
        foreach (var deletion in _deletions)
        {
            if (deletion.Candidates.Remove(operation))
                oracle.Require(deletion.Candidates.Count > 0, Nothing, $"{operation}: {reason}");
        }
    }

    /// <summary>Whose commit this is; null for one that changes nothing of what users own.</summary>
    private Operation? FindAuthor(ResourceKey key, object? before, object after)
    {
        if (before is not null && TagOf(before) == TagOf(after))
        {
            oracle.Require(UserPart(before) == UserPart(after), Owned,
                $"{key} was {UserPart(before)}, is {UserPart(after)}");
            return null;
        }
        var author = _operations.Find(one => one.Tag == TagOf(after));
        var isMeant = author is { IsDelete: false, MayCommit: true } && author.Ids.Contains(key.Id);
        oracle.Require(isMeant, Owned, $"{key} was '{(before is null ? "" : TagOf(before))}', is '{TagOf(after)}'");
        return author;
    }

    private void CheckUpdate(Operation operation, Body body, Port before, Port after)
    {
        Check(body.Get(PortAttributes.Name, before.Name) == after.Name, "name");
        Check(body.Get(PortAttributes.AdminStateUp, before.AdminStateUp) == after.AdminStateUp, "admin_state_up");
        Check(body.Get(PortAttributes.HostId, before.HostId) == after.HostId, "binding:host_id");
        Check(body.Get(PortAttributes.DeviceId, before.DeviceId) == after.DeviceId, "device_id");
        Check(body.Get(PortAttributes.MacAddress, before.MacAddress) == after.MacAddress, "mac_address");
        Check(body.Has(PortAttributes.FixedIps) || before.FixedIps.SequenceEqual(after.FixedIps), "fixed_ips");

        void Check(bool holds, string attribute) =>
            oracle.Require(holds, Owned, $"{operation} made something else of {attribute}");
    }

    private static string TagOf(object resource) => resource switch
    {
        NetworkResource network => network.Description,
        Subnet subnet => subnet.Description,
        Port port => port.Description,
        _ => "",
    };

    private static string IdOf(object resource) => resource switch
    {
        NetworkResource network => network.Id,
        Subnet subnet => subnet.Id,
        Port port => port.Id,
        _ => "",
    };

    private static string UserPart(object resource) => resource switch
    {
        NetworkResource n => $"{n.Name} {n.AdminStateUp} {n.Mtu} {n.VxlanId}",
        Subnet s => $"{s.Name} {s.Cidr} {s.GatewayIp} {s.EnableDhcp}",
        Port p => $"{p.Name} {p.AdminStateUp} {p.MacAddress} {string.Join(',', p.FixedIps)} {p.DeviceId} {p.HostId}",
        _ => "",
    };

    private sealed record Deletion(string Id, long Revision, HashSet<Operation> Candidates);
}
