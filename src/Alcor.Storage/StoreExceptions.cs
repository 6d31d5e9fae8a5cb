namespace Alcor.Storage;

/// <summary>
/// The store could not do its work (a full disk, an I/O error, a closed store). Nothing of the call happened.
/// </summary>
public sealed class StoreException : Exception
{
    public StoreException(string message)
        : base(message)
    {
    }

    public StoreException(string message, Exception cause)
        : base(message, cause)
    {
    }
}

/// <summary>
/// The durable write itself failed: the transactions of the call are either all there or all missing, and only reading
/// tells which. Never raised once a call has been answered.
/// </summary>
public sealed class CommitUnknownException(string message, Exception cause) : Exception(message, cause);
